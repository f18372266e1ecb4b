// A number with a button on each side: less and more, for a thumb. Without scripts, the number alone.
class NumberSteps extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input")
    if (this.querySelector("button") || !input || input.disabled) return
    input.before(this.#button("−", this.dataset.less, -1, input))
    input.after(this.#button("+", this.dataset.more, 1, input))
  }

  #button(sign, label, step, input) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "button"
    button.dataset.kind = "secondary"
    button.textContent = sign
    button.setAttribute("aria-label", label)
    button.addEventListener("click", () => {
      const wanted = (Number.parseInt(input.value, 10) || 0) + step
      const next = Math.min(Number(input.max), wanted)
      input.value = next < Number(input.min) || next <= 0 ? "" : String(next)
      input.dispatchEvent(new Event("input", { bubbles: true }))
    })
    return button
  }
}

customElements.define("number-steps", NumberSteps)
