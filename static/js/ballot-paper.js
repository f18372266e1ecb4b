// What is left of the points or of the money while a ballot is filled in, and how many ideas are marked. Without scripts, the server says it.
import { number, plural } from "ensemble/live"

class BallotPaper extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#count)
    this.addEventListener("submit", this.#hand)
    this.#count()
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#count)
    this.removeEventListener("submit", this.#hand)
  }

  // Too few ideas, or too many, stay on the page. Nothing marked at all is told by the server.
  #hand = (event) => {
    if (event.submitter?.name === "look" || !this.#marked() || !this.#off()) return
    event.preventDefault()
    this.querySelector(".paper__how-many").focus()
  }

  #count = () => {
    this.#tellMarked()
    const spent = { dots: this.#points, budget: this.#money }[this.dataset.method]?.()
    if (spent === undefined) return
    const left = Number(this.dataset.most) - spent
    const told = this.querySelector(".paper__left")
    told.toggleAttribute("data-over", left < 0)
    const { leftOne, leftMany, overOne, overMany } = this.dataset
    const [one, many] = left < 0 ? [overOne, overMany] : [leftOne, leftMany]
    told.textContent = (one && plural.select(Math.abs(left)) === "one" ? one : many).replace("{left}", this.#shown(Math.abs(left)))
  }

  #tellMarked() {
    const told = this.querySelector(".paper__marked")
    if (!told) return
    const marked = this.#marked()
    const off = marked ? this.#off() : 0
    told.toggleAttribute("data-over", off > 0)
    const sentence = off < 0 ? this.dataset.few : off > 0 ? this.dataset.many : this.dataset.marked
    told.textContent = sentence.replace("{count}", number(Math.abs(off))).replace("{marked}", number(marked))
  }

  // How many ideas are marked too many; below nought, how many are still missing.
  #off() {
    const { least, limit } = this.dataset
    if (least === undefined) return 0
    const marked = this.#marked()
    return limit && marked > Number(limit) ? marked - Number(limit) : Math.min(0, marked - Number(least))
  }

  #marked = () => [...this.querySelectorAll(".paper__idea")].filter((idea) => [...idea.querySelectorAll("input")].some(this.#says)).length

  #says = (input) => {
    if (input.type === "number") return Number.parseInt(input.value, 10) > 0
    return input.checked && !input.disabled && input.value !== ""
  }

  #points = () => [...this.querySelectorAll("input[type=number]")].reduce((sum, { value }) => sum + (Number.parseInt(value, 10) || 0), 0)

  #money = () => [...this.querySelectorAll(".paper__idea:has(:checked)")].reduce((sum, { dataset }) => sum + Number(dataset.cost), 0)

  #shown(amount) {
    if (this.dataset.method !== "budget") return number(amount)
    const money = { style: "currency", currency: "EUR", minimumFractionDigits: amount % 100 ? 2 : 0 }
    return new Intl.NumberFormat(document.documentElement.lang, money).format(amount / 100)
  }
}

customElements.define("ballot-paper", BallotPaper)
