// The remarks on an idea, while others speak: what is new appears, what was edited changes, and no form is touched.
import { parse, play } from "ensemble/live"

const SPREAD = 1000 // Each asks for the whole page, and many have it open: not all in the same instant,
const REST = 3000 // and each of them not for every remark of a lively talk.

class RemarkList extends HTMLElement {
  #asking = false
  #again = false
  #asked = -REST

  connectedCallback() { document.addEventListener("board:idea", this.#hear) }
  disconnectedCallback() { document.removeEventListener("board:idea", this.#hear) }

  // One question at a time, and one more for all that was heard meanwhile: an older answer never follows a newer one.
  #hear = async ({ detail }) => {
    if (String(detail.id) !== this.dataset.idea) return
    this.#again = true
    if (this.#asking) return
    this.#asking = true
    while (this.#again && this.isConnected) {
      const rest = Math.max(0, this.#asked + REST - performance.now())
      await new Promise((resolve) => setTimeout(resolve, rest + SPREAD * Math.random()))
      await seen()
      this.#again = false
      this.#asked = performance.now()
      await this.#ask()
    }
    this.#asking = false
  }

  async #ask() {
    const page = await fetch(location.pathname).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null)
    const whole = page && parse(page)
    if (whole) document.dispatchEvent(new CustomEvent("idea:fresh", { detail: whole })) // Asked for once, for whoever follows it.
    const fresh = whole?.querySelector("remark-list")
    if (!fresh) return
    this.querySelector("h2").textContent = fresh.querySelector("h2").textContent
    for (const remark of fresh.querySelectorAll(".comment")) this.#place(remark)
    for (const remark of this.querySelectorAll(".comment")) if (!fresh.querySelector(`#${remark.id}`)) this.#takeOff(remark)
    if (this.querySelector(".comment")) this.querySelector(".comments__none")?.remove()
  }

  #place(remark) {
    const there = this.querySelector(`#${remark.id}`)
    if (there) return this.#refresh(there, remark)
    const above = remark.parentElement.closest(".comment")
    const list = above ? this.#repliesTo(above.id) : this.querySelector(".comments__list")
    const copy = document.importNode(remark, true)
    list?.append(copy)
    play(copy, "new")
  }

  #refresh(there, remark) {
    const [before, after] = [there, remark].map((one) => one.querySelector(":scope > .comment__text"))
    const deleted = remark.dataset.deleted !== undefined || !after.classList.contains("prose")
    if (deleted) return this.#silence(there, after)
    if (before.innerHTML !== after.innerHTML && !before.contains(document.activeElement)) before.innerHTML = after.innerHTML
  }

  // Its words, its author and its acts go; the answers below it stay, and so does an answer that is being written.
  #silence(there, sentence) {
    const form = there.querySelector(":scope > .comment__reply")
    for (const part of [...there.children]) {
      if (part.matches(".comment__replies, .comment__text") || (part === form && inUse(form))) continue
      part.remove()
    }
    const text = there.querySelector(":scope > .comment__text")
    if (sentence && text.outerHTML !== sentence.outerHTML) text.replaceWith(document.importNode(sentence, true))
    there.dataset.deleted = ""
  }

  #takeOff(remark) {
    if (![...remark.querySelectorAll("form")].some(inUse)) return remark.remove()
    this.#silence(remark)
    remark.querySelector(":scope > .comment__text").replaceChildren()
  }

  #repliesTo(id) {
    const above = this.querySelector(`#${id}`)
    if (above && !above.querySelector(".comment__replies")) {
      above.append(Object.assign(document.createElement("ol"), { className: "comment__replies" }))
    }
    return above?.querySelector(".comment__replies")
  }
}

// A page that nobody looks at asks when somebody does.
const seen = async () => {
  while (document.hidden) await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }))
}

// Somebody is writing in it, or stands in it.
const inUse = (part) => part.contains(document.activeElement) || [...part.querySelectorAll("textarea")].some((field) => field.value.trim())

customElements.define("remark-list", RemarkList)
