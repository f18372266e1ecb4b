// What is left of the points or of the money while a ballot is filled in. Without scripts, the server says it.
import { number, plural } from "ensemble/live"

class BallotPaper extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#count)
    this.#count()
  }

  disconnectedCallback() { this.removeEventListener("input", this.#count) }

  #count = () => {
    const spent = { dots: this.#points, budget: this.#money }[this.dataset.method]?.()
    if (spent === undefined) return
    const left = Number(this.dataset.most) - spent
    const told = this.querySelector(".paper__left")
    told.toggleAttribute("data-over", left < 0)
    const { leftOne, leftMany, overOne, overMany } = this.dataset
    const [one, many] = left < 0 ? [overOne, overMany] : [leftOne, leftMany]
    told.textContent = (one && plural.select(Math.abs(left)) === "one" ? one : many).replace("{left}", this.#shown(Math.abs(left)))
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
