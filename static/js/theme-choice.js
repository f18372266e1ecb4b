// Light or dark without leaving the page, so that what is being written stays. The form inside works without scripts.
class ThemeChoice extends HTMLElement {
  connectedCallback() { this.addEventListener("submit", this.#choose) }
  disconnectedCallback() { this.removeEventListener("submit", this.#choose) }

  #choose = (event) => {
    event.preventDefault()
    const { target: form, submitter: chosen } = event
    const { dataset } = document.documentElement
    if (chosen.value === "auto") delete dataset.theme
    else dataset.theme = chosen.value
    for (const button of form.elements.namedItem("theme") ?? []) button.setAttribute("aria-pressed", String(button === chosen))
    // The next pages are to look the same. Without a line this one does at least.
    fetch(form.action, { method: "POST", body: new FormData(form, chosen), redirect: "manual" }).catch(() => {})
  }
}

customElements.define("theme-choice", ThemeChoice)
