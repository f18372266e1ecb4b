// A form sent without a connection would leave its page for the browser's own, and what was typed with it.
class FormKeeper extends HTMLElement {
  connectedCallback() { document.addEventListener("submit", this.#keep) }
  disconnectedCallback() { document.removeEventListener("submit", this.#keep) }

  #keep = (event) => {
    // Whoever sends a form by themselves has prevented it by now, as votes do.
    if (navigator.onLine || event.defaultPrevented || event.target.method !== "post" || event.target.id === "votes") return
    event.preventDefault()
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.dataset.offline, refused: true } }))
  }
}

customElements.define("form-keeper", FormKeeper)
