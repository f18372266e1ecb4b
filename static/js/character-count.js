// How many characters a field holds, of how many it may. Without scripts its hint says the limits.
import { number } from "ensemble/live"

class CharacterCount extends HTMLElement {
  #field

  connectedCallback() {
    this.#field = document.getElementById(this.getAttribute("for"))
    this.#field.addEventListener("input", this.#count)
    addEventListener("pageshow", this.#count) // Who comes back finds what they had typed: the browser puts it there without a word.
    this.#count()
  }

  disconnectedCallback() {
    this.#field.removeEventListener("input", this.#count)
    removeEventListener("pageshow", this.#count)
  }

  // As the server counts: whole characters, without the space around them.
  #count = () => {
    const most = Number(this.getAttribute("most"))
    const count = [...this.#field.value.normalize().trim()].length
    const over = count > most
    this.toggleAttribute("data-exceeded", over)
    const text = over ? this.dataset.over.replace("{count}", number(count - most)) : this.dataset.told.replace("{count}", number(count)).replace("{most}", number(most))
    if (this.textContent !== text) this.textContent = text
  }
}

customElements.define("character-count", CharacterCount)
