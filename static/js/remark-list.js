// The remarks on an idea, while others speak: what is new appears, what was edited changes, and no form is touched.
import { parse, play } from "ensemble/live"

class RemarkList extends HTMLElement {
  connectedCallback() { document.addEventListener("board:idea", this.#hear) }
  disconnectedCallback() { document.removeEventListener("board:idea", this.#hear) }

  #hear = async ({ detail }) => {
    if (String(detail.id) !== this.dataset.idea) return
    const page = await fetch(location.pathname).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null)
    const fresh = page && parse(page).querySelector("remark-list")
    if (!fresh) return
    this.querySelector("h2").textContent = fresh.querySelector("h2").textContent
    for (const remark of fresh.querySelectorAll(".comment")) this.#place(remark)
    for (const remark of this.querySelectorAll(".comment")) if (!fresh.querySelector(`#${remark.id}`)) remark.remove()
    if (this.querySelector(".comment")) this.querySelector(".comments__none")?.remove()
  }

  #place(remark) {
    const there = this.querySelector(`#${remark.id}`)
    if (there) {
      const [before, after] = [there, remark].map((one) => one.querySelector(":scope > .comment__text"))
      if (before.innerHTML !== after.innerHTML && !before.contains(document.activeElement)) before.innerHTML = after.innerHTML
      return
    }
    const above = remark.parentElement.closest(".comment")
    const list = above ? this.#repliesTo(above.id) : this.querySelector(".comments__list")
    const copy = document.importNode(remark, true)
    list?.append(copy)
    play(copy, "new")
  }

  #repliesTo(id) {
    const above = this.querySelector(`#${id}`)
    if (above && !above.querySelector(".comment__replies")) {
      above.append(Object.assign(document.createElement("ol"), { className: "comment__replies" }))
    }
    return above?.querySelector(".comment__replies")
  }
}

customElements.define("remark-list", RemarkList)
