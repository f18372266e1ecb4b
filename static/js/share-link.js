// A link to take along: its buttons are there where the browser can do what they say.
class ShareLink extends HTMLElement {
  connectedCallback() {
    this.#offer("copy", Boolean(navigator.clipboard), this.#copy)
    this.#offer("share", Boolean(navigator.share), this.#share)
  }

  get #field() { return this.querySelector("input") }

  #offer(act, possible, done) {
    const button = this.querySelector(`[data-act="${act}"]`)
    button.hidden = !possible
    button.addEventListener("click", done)
  }

  #copy = async () => {
    try {
      await navigator.clipboard.writeText(this.#field.value)
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.dataset.copied } }))
    } catch {
      this.#field.select() // Refused: it is marked, to be copied by hand.
    }
  }

  // Who changes their mind has shared nothing, and nothing went wrong.
  #share = () => navigator.share({ title: this.dataset.title, url: this.#field.value }).catch(() => {})
}

customElements.define("share-link", ShareLink)
