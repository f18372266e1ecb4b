// A brand's colour as it will look, while somebody chooses it. Without scripts the button "Preview" does the same.
class PalettePreview extends HTMLElement {
  #input
  #waiting

  connectedCallback() {
    this.#input = this.closest("form")?.elements[this.dataset.for]
    this.#input?.addEventListener("input", this.#soon)
    this.dataset.alive = ""
  }

  disconnectedCallback() {
    this.#input?.removeEventListener("input", this.#soon)
    clearTimeout(this.#waiting)
  }

  // A colour is dragged, not typed: only where the hand rests is worth asking for.
  #soon = () => {
    clearTimeout(this.#waiting)
    this.#waiting = setTimeout(this.#show, 80)
  }

  #show = async () => {
    const colour = this.#input.value
    const answer = await fetch(`${this.dataset.url}?colour=${encodeURIComponent(colour)}`, { headers: { Accept: "application/json" } }).catch(() => null)
    if (!answer?.ok || colour !== this.#input.value) return
    const { colours, note } = await answer.json()
    for (const [name, value] of Object.entries(colours)) this.style.setProperty(name, value)
    this.querySelector(".palette__note").textContent = note
  }
}

customElements.define("palette-preview", PalettePreview)
