// The names of those who take part in a talk, while somebody writes one after an @. What is chosen is written as text, no more: the
// server finds out whom a remark calls. The list stands below the textarea; the focus never leaves what is written.
import { counted } from "ensemble/live"

const PAUSE = 200 // Between the last key and the question.
const BEGUN = /(?:^|[^\p{L}\p{N}_@])@([^\s@][^@\n]{0,40})?$/u

class MentionNames extends HTMLElement {
  #list = Object.assign(document.createElement("ul"), { className: "names-list", id: "names-list", role: "listbox", hidden: true })
  #told = Object.assign(document.createElement("p"), { className: "visually-hidden", role: "status" })
  #field = null
  #timer = 0
  #asked = ""

  connectedCallback() {
    this.#list.ariaLabel = this.dataset.label
    this.#around.append(this.#told)
    this.#around.addEventListener("input", this.#hear)
    this.#around.addEventListener("keydown", this.#press, { capture: true })
    this.#around.addEventListener("focusout", this.#leave)
    this.#list.addEventListener("pointerdown", this.#pick)
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
    this.#around?.removeEventListener("input", this.#hear)
    this.#around?.removeEventListener("keydown", this.#press, { capture: true })
    this.#around?.removeEventListener("focusout", this.#leave)
    this.#list.remove()
    this.#told.remove()
  }

  get #around() { return this.closest("remark-list, form") }
  get #options() { return [...this.#list.children] }
  get #chosen() { return this.#options.find((option) => option.ariaSelected === "true") }

  // What stands between the last @ and the cursor.
  #begun(field) {
    if (field.selectionStart !== field.selectionEnd) return null
    const found = field.value.slice(0, field.selectionStart).match(BEGUN)
    return found ? (found[1] ?? "") : null
  }

  #hear = ({ target }) => {
    if (!target.matches("textarea")) return
    clearTimeout(this.#timer)
    const begun = this.#begun(target)
    // Where nobody was found, more letters find nobody either.
    if (begun === null || (this.#asked && this.#list.hidden && begun.startsWith(this.#asked))) return this.#close(begun === null)
    this.#timer = setTimeout(() => this.#ask(target, begun), PAUSE)
  }

  async #ask(field, begun) {
    const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(begun)}`, { headers: { Accept: "application/json" } }).catch(() => null)
    const found = answer?.ok ? await answer.json().catch(() => null) : null
    if (!found || this.#begun(field) !== begun || document.activeElement !== field) return
    this.#show(field, begun, found.people)
  }

  #show(field, begun, people) {
    this.#close()
    // A whole name with a space after it is written: what comes next is no more of it.
    if (begun.endsWith(" ") && people.some(({ name }) => name.toLowerCase() === begun.trim().toLowerCase())) return
    if (!people.length) {
      this.#asked = begun
      if (begun) this.#told.textContent = this.dataset.none
      return
    }
    this.#field = field
    this.#list.replaceChildren(...people.map(({ name, part }, place) => {
      const option = Object.assign(document.createElement("li"), { className: "names-list__name", id: `names-list-${place}`, role: "option", ariaSelected: "false" })
      option.dataset.name = name
      option.append(Object.assign(document.createElement("span"), { textContent: name }), " ", Object.assign(document.createElement("small"), { textContent: part }))
      return option
    }))
    field.closest(".field").append(this.#list)
    this.#list.hidden = false
    field.setAttribute("aria-autocomplete", "list")
    field.setAttribute("aria-controls", this.#list.id)
    this.#choose(this.#options[0])
    this.#told.textContent = counted(this.dataset, people.length)
  }

  #choose(option) {
    for (const one of this.#options) one.ariaSelected = String(one === option)
    this.#field.setAttribute("aria-activedescendant", option.id)
    option.scrollIntoView({ block: "nearest" })
  }

  #press = (event) => {
    if (this.#list.hidden || event.target !== this.#field || event.isComposing) return
    const options = this.#options
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) this.#choose(options[(options.indexOf(this.#chosen) + step + options.length) % options.length])
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && !event.ctrlKey && !event.metaKey) this.#write(this.#chosen)
    else if (event.key === "Escape") this.#close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #pick = (event) => {
    event.preventDefault() // The focus stays in the textarea.
    const option = event.target.closest("[role=option]")
    if (option) this.#write(option)
  }

  #write(option) {
    const field = this.#field
    const end = field.selectionStart
    field.setRangeText(`${option.dataset.name} `, end - this.#begun(field).length, end, "end")
    this.#close()
    field.dispatchEvent(new Event("input", { bubbles: true })) // For what counts its characters, and keeps them.
    clearTimeout(this.#timer)
  }

  #leave = ({ target }) => { if (target === this.#field) this.#close() }

  #close(anew = true) {
    if (anew) this.#asked = ""
    for (const name of ["aria-activedescendant", "aria-controls", "aria-autocomplete"]) this.#field?.removeAttribute(name)
    this.#list.hidden = true
    this.#told.textContent = ""
    this.#field = null
  }
}

customElements.define("mention-names", MentionNames)
