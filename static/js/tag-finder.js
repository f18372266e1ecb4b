// Many tags in little room: the most used ones, and the others by their name. Without scripts all of them stand there.
const SHOWN = 24

class TagFinder extends HTMLElement {
  connectedCallback() {
    this.#input.closest("label").hidden = false
    this.#input.addEventListener("input", this.#find)
    this.#find()
  }

  disconnectedCallback() { this.#input.removeEventListener("input", this.#find) }

  get #input() { return this.querySelector("input") }

  #find = () => {
    const wanted = plain(this.#input.value.trim())
    let shown = 0
    for (const tag of this.querySelectorAll(".tag")) {
      tag.hidden = wanted ? !plain(tag.firstChild.textContent).includes(wanted) : shown >= SHOWN
      if (!tag.hidden) shown++
    }
    this.querySelector(".tag-finder__none").hidden = shown > 0
  }
}

// As one types it: without capitals and accents.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()

customElements.define("tag-finder", TagFinder)
