// Another language is another page: what was typed on this one, and not sent, goes along.
const PLACE = "carried"
const PATIENCE = 60_000 // Words of long ago would surprise.

class CarriedWords extends HTMLElement {
  connectedCallback() {
    document.addEventListener("submit", this.#pack)
    this.#unpack()
  }

  disconnectedCallback() { document.removeEventListener("submit", this.#pack) }

  #pack = ({ target: form, defaultPrevented }) => {
    if (defaultPrevented || form.getAttribute("action") !== "/language") return
    const refused = document.querySelector(".form-errors") // What it shows as given is stored nowhere.
    const typed = fields().filter((field) => changed(field) || (refused && !isBox(field)))
    const words = typed.map((field) => [nameOf(field), isBox(field) ? field.checked : field.value])
    try {
      if (words.length) sessionStorage.setItem(PLACE, JSON.stringify({ path: location.pathname, at: Date.now(), words }))
    } catch {
      // No storage in this browser, or no room in it.
    }
  }

  #unpack() {
    const carried = take()
    if (carried?.path !== location.pathname || Date.now() - carried.at > PATIENCE) return
    const words = new Map(carried.words)
    for (const field of fields()) {
      const given = words.get(nameOf(field))
      if (given === undefined) continue
      if (isBox(field)) field.checked = given
      else field.value = given
      field.closest("details")?.setAttribute("open", "")
      field.dispatchEvent(new Event("input", { bubbles: true }))
    }
  }
}

const take = () => {
  try {
    const carried = JSON.parse(sessionStorage.getItem(PLACE))
    sessionStorage.removeItem(PLACE)
    return carried
  } catch {
    return null
  }
}

// Never a password: it is written nowhere. Nor files, which no script may choose.
const KINDS = "textarea, select:not([multiple]), input:not([type=password], [type=file], [type=hidden], [type=submit])"
const fields = () => [...document.querySelectorAll("main form")].flatMap((form) => (form.method === "post" ? [...form.querySelectorAll(KINDS)] : []))
const isBox = (field) => field.type === "checkbox" || field.type === "radio"
const nameOf = (field) => field.id || `${field.form.getAttribute("action")} ${field.name} ${isBox(field) ? field.value : ""}`
const changed = (field) => {
  if (isBox(field)) return field.checked !== field.defaultChecked
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected)
  return field.value !== field.defaultValue
}

customElements.define("carried-words", CarriedWords)
