// The words behind a figure, true while the figure moves: "1 idea", "2 ideas". The figure stands right before them.
import { plural } from "ensemble/live"

class CountedWords extends HTMLElement {
  #watching = new MutationObserver(() => this.#say())

  connectedCallback() {
    if (this.previousElementSibling) this.#watching.observe(this.previousElementSibling, { childList: true, characterData: true, subtree: true })
  }

  disconnectedCallback() { this.#watching.disconnect() }

  #say() {
    const figure = this.previousElementSibling.textContent.trim()
    if (!figure) return void (this.textContent = "") // Sealed.
    const count = Number(figure.replace(/\D/g, ""))
    const { none, one, many } = this.dataset
    const words = count === 0 && none !== undefined ? none : plural.select(count) === "one" ? one : many
    this.dataset.figure = count
    if (this.textContent !== words) this.textContent = words
  }
}

customElements.define("counted-words", CountedWords)
