// A control for files in the page's language. The browser's own lies over the face, unseen, and is what is pressed, dropped on and read out.
import { number } from "ensemble/live"

class ChosenFile extends HTMLElement {
  #none

  connectedCallback() {
    this.#none ??= this.#name.textContent
    this.querySelector(".chosen-file__face").hidden = false
    this.dataset.alive = ""
    this.addEventListener("change", this.#show)
    this.#show() // Who comes back to a page finds what they had chosen.
  }

  disconnectedCallback() { this.removeEventListener("change", this.#show) }

  get #name() { return this.querySelector(".chosen-file__name") }

  #show = () => {
    const { files } = this.querySelector("input")
    this.#name.textContent = files.length > 1 ? this.dataset.many.replace("{count}", number(files.length)) : (files[0]?.name ?? this.#none)
  }
}

customElements.define("chosen-file", ChosenFile)
