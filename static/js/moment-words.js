// A date that is being typed, in words of the page's language: browsers write it in their own. As campaign/languages.py does.
class MomentWords extends HTMLElement {
  #field

  connectedCallback() {
    this.#field = document.getElementById(this.getAttribute("for"))
    this.#field.addEventListener("input", this.#say)
    addEventListener("pageshow", this.#say) // As the browser fills it in when one comes back.
  }

  disconnectedCallback() {
    this.#field.removeEventListener("input", this.#say)
    removeEventListener("pageshow", this.#say)
  }

  #say = () => {
    const [day, time] = this.#field.value.split("T")
    this.textContent = day ? words(day, time) : ""
  }
}

function words(day, time) {
  const french = document.documentElement.lang === "fr"
  const format = new Intl.DateTimeFormat(french ? "fr" : "en-GB", { dateStyle: "long", timeZone: "UTC" })
  const written = format.format(new Date(`${day}T00:00Z`)).replace(/^1 /, french ? "1er " : "1 ")
  if (!time) return written
  const [hours, minutes] = time.split(":")
  if (!french) return `${written}, ${hours}:${minutes}`
  return `${written} à ${Number(hours)}\u00a0h${minutes === "00" ? "" : `\u00a0${minutes}`}`
}

customElements.define("moment-words", MomentWords)
