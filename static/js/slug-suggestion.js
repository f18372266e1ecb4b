// Shows in the empty address field which address the title will make: <slug-suggestion data-from="title_en title_fr">.
// The server makes the real one, and sees to it that no other campaign has it.
const slugify = (text) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\x00-\x7f]/g, "") // As the server does: accents go, and so do letters that have no plain form.
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "")

class SlugSuggestion extends HTMLElement {
  #titles = []

  connectedCallback() {
    this.#titles = (this.dataset.from ?? "").split(" ").map((id) => document.getElementById(id)).filter(Boolean)
    for (const title of this.#titles) title.addEventListener("input", this.#suggest)
    this.#suggest()
  }

  disconnectedCallback() {
    for (const title of this.#titles) title.removeEventListener("input", this.#suggest)
  }

  #suggest = () => {
    const title = this.#titles.find((field) => field.value.trim())
    const field = this.querySelector("input")
    if (field) field.placeholder = title ? slugify(title.value) : ""
  }
}

customElements.define("slug-suggestion", SlugSuggestion)
