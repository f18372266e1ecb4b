// How many notices the reader has not read, kept true while the page is open. What the server says is a hint; after each new connection the
// page asks, for what was said meanwhile was not heard.
import { counted, number, play, socket, write } from "ensemble/live"

const SPREAD = 5000 // Milliseconds over which those who come back in the same moment ask.

class NoticeBell extends HTMLElement {
  #connected = false // Before; the page itself had the number then.
  #asking = 0

  connectedCallback() {
    socket.on("person.notified", this.#hear).on("connect", this.#back)
    document.addEventListener("click", this.#read)
    if (socket.connected) this.#connected = true
    else socket.connect()
  }

  disconnectedCallback() {
    socket.off("person.notified", this.#hear).off("connect", this.#back)
    document.removeEventListener("click", this.#read)
    clearTimeout(this.#asking)
  }

  #hear = ({ unread }) => {
    const before = Number(this.dataset.unread)
    this.dataset.unread = unread
    const mark = this.querySelector(".header__unread")
    mark.hidden = !unread
    write(mark, unread > 99 ? "99+" : number(unread))
    write(this.querySelector(".visually-hidden"), counted(this.dataset, unread))
    if (unread > before) play(mark, "new")
  }

  #back = () => {
    if (this.#connected) this.#asking = setTimeout(this.#ask, SPREAD * Math.random())
    this.#connected = true
  }

  #ask = async () => {
    const answer = await fetch("/notices/unread").then((said) => (said.ok ? said.json() : null)).catch(() => null)
    if (answer) this.#hear(answer)
  }

  // Whoever follows a notice to what it is about has read it.
  #read = ({ target }) => {
    const group = target.closest?.(".notices__group[data-unread]")
    if (!group || !target.closest("a")) return
    const form = new FormData()
    form.set("csrf_token", document.querySelector('meta[name="csrf-token"]').content)
    form.set("about", group.dataset.about)
    form.set("until", group.dataset.until)
    fetch("/notices/reading", { method: "POST", body: form, keepalive: true }).catch(() => null)
  }
}

customElements.define("notice-bell", NoticeBell)
