// Says when the page is no longer live, and when it is again. A page that never opened a connection says nothing.
import { socket } from "ensemble/live"

const PATIENCE = 1500 // A short hiccup isn't worth a word.
const BACK = 3000

class ConnectionState extends HTMLElement {
  #waiting = 0 // Until the loss is worth a word.
  #settling = 0 // Until "you are back" goes.

  connectedCallback() {
    this.addEventListener("click", this.#close)
    addEventListener("focusin", this.#giveWay)
    addEventListener("input", this.#giveWay)
    addEventListener("focusout", this.#soon)
    addEventListener("resize", this.#giveWay)
    addEventListener("scroll", this.#giveWay, { passive: true })
    socket.on("connect", this.#connected).on("disconnect", this.#lost).on("connect_error", this.#lost)
    socket.on("person.changed", this.#meet).on("disconnect", this.#part)
    document.addEventListener("person:changed", this.#sayAnother)
    addEventListener("offline", this.#lost)
    addEventListener("online", this.#retry)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#close)
    removeEventListener("focusin", this.#giveWay)
    removeEventListener("input", this.#giveWay)
    removeEventListener("focusout", this.#soon)
    removeEventListener("resize", this.#giveWay)
    removeEventListener("scroll", this.#giveWay)
    socket.off("connect", this.#connected).off("disconnect", this.#lost).off("connect_error", this.#lost)
    socket.off("person.changed", this.#meet).off("disconnect", this.#part)
    document.removeEventListener("person:changed", this.#sayAnother)
    removeEventListener("offline", this.#lost)
    removeEventListener("online", this.#retry)
    clearTimeout(this.#waiting)
    clearTimeout(this.#settling)
  }

  #connected = () => {
    clearTimeout(this.#waiting)
    clearTimeout(this.#settling)
    this.#waiting = 0
    if (this.dataset.state === "live") return
    this.#say("back")
    this.#settling = setTimeout(() => this.#say("live"), BACK)
  }

  #lost = (reason) => {
    // The page itself is leaving, or closed the connection on purpose.
    if (reason === "io client disconnect" || this.#waiting) return
    clearTimeout(this.#settling) // Gone again: "back" doesn't become "live" by waiting.
    this.#waiting = setTimeout(() => { this.#say(navigator.onLine ? "lost" : "offline"); this.#waiting = 0 }, PATIENCE)
  }

  // Somebody else is signed in by now, and to this page the server answers as to nobody.
  #meet = () => {
    document.documentElement.dataset.another = ""
    this.#sayAnother()
  }

  #part = () => delete document.documentElement.dataset.another // With the next connection it may be its reader again.

  #sayAnother = () => {
    const more = { url: location.pathname + location.search, text: this.dataset.reload }
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.dataset.another, refused: true, reload: true, more } }))
  }

  // The whole page knows: a vote that waits says so while there is no line.
  #say(state) {
    if (this.dataset.state !== state) delete this.dataset.closed
    this.dataset.state = document.documentElement.dataset.line = state
    this.#giveWay()
  }

  // Until there is something else to say.
  #close = (event) => { if (event.target.closest(".connection__close")) this.dataset.closed = "" }

  // Never over what somebody is writing in.
  #giveWay = () => {
    if (this.dataset.state === "live") return
    const field = document.activeElement?.closest("input, textarea, select")?.getBoundingClientRect()
    const notice = this.querySelector(`[data-for="${this.dataset.state}"]`).getBoundingClientRect()
    this.toggleAttribute("data-aside", Boolean(field) && field.top < notice.bottom && field.bottom > notice.top)
  }

  // While the focus leaves it is nowhere yet.
  #soon = () => requestAnimationFrame(this.#giveWay)

  #retry = () => { if (!socket.connected && socket.active) socket.connect() }
}

customElements.define("connection-state", ConnectionState)
