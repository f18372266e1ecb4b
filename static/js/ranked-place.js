// An idea's place in a ranking, by thumb and by keyboard: put it next, move it up and down, leave it out. The number stays what is sent.
class RankedPlace extends HTMLElement {
  #next = this.#button("+", () => this.#put(this.#placed().length))
  #up = this.#button("↑", () => this.#put(this.#at() - 1))
  #down = this.#button("↓", () => this.#put(this.#at() + 1))
  #out = this.#button("×", () => this.#put(-1))

  connectedCallback() {
    if (this.querySelector("button")) return
    this.append(this.#next, this.#up, this.#down, this.#out)
    const words = this.closest("ballot-paper").dataset
    const named = { next: this.#next, up: this.#up, down: this.#down, out: this.#out }
    for (const [name, button] of Object.entries(named)) button.setAttribute("aria-label", words[name].replace("{idea}", this.dataset.idea))
    queueMicrotask(() => this.show()) // When those beside it are there too.
  }

  get input() { return this.querySelector("input") }

  // Which buttons make sense where it stands.
  show() {
    const at = this.#at()
    this.#next.hidden = at >= 0
    for (const button of [this.#up, this.#down, this.#out]) button.hidden = at < 0
    this.#up.disabled = at === 0
    this.#down.disabled = at === this.#placed().length - 1
  }

  #button(sign, act) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "button"
    button.dataset.kind = "secondary"
    button.textContent = sign
    button.addEventListener("click", act)
    return button
  }

  #all = () => [...this.closest("ol").querySelectorAll("ranked-place")]

  #placed = () => this.#all().filter(({ input }) => input.value !== "").sort((one, other) => one.input.value - other.input.value)

  #at = () => (this.input.value === "" ? -1 : this.#placed().indexOf(this))

  // Give it this place (-1: none), number all anew, and let the list follow: the ranked ones first.
  #put(place) {
    const order = this.#placed().filter((other) => other !== this)
    if (place >= 0) order.splice(place, 0, this)
    this.input.value = ""
    order.forEach((each, index) => { each.input.value = index + 1 })
    const focused = document.activeElement
    for (const each of order.toReversed()) each.closest("ol").prepend(each.closest("li"))
    for (const each of this.#all()) each.show()
    const still = focused.hidden || focused.disabled ? [...this.querySelectorAll("button")].find((button) => !button.hidden && !button.disabled) : focused
    still?.focus()
    const { placed, without } = this.closest("ballot-paper").dataset
    const told = this.closest("ballot-paper").querySelector(".paper__left")
    told.textContent = (place >= 0 ? placed : without).replace("{idea}", this.dataset.idea).replace("{place}", place + 1)
    this.dispatchEvent(new Event("input", { bubbles: true }))
  }
}

customElements.define("ranked-place", RankedPlace)
