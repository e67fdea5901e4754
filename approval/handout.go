package approval

import (
	"net/http"
	"strings"

	"github.com/rs/zerolog"
)

const innerName = "list.txt" // says nothing about what is inside

// handout hands the passwords of a session to the person at the page.
type handout struct {
	vault   *vault
	agenda  *agenda
	letters *letters
	log     zerolog.Logger
}

// letter is what one person is given.
type letter struct {
	ID       string   `json:"id"`
	Person   person   `json:"person"`
	Password string   `json:"password"`
	Text     []string `json:"text"` // for print; the password goes between the parts
	Note     string   `json:"note"` // for who hands it out
}

// archive returns all passwords of the session as an encrypted archive, with its
// passphrase. They count as handed out once the page says that it has them.
func (h *handout) archive(w http.ResponseWriter, r *http.Request) {
	all := h.vault.all()
	if len(all) == 0 {
		refuse(w, http.StatusConflict, "no password was set in this session")
		return
	}
	secret, err := h.vault.secret()
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	now := h.vault.clock.now()
	content, err := aesZip(innerName, now, list(all), secret)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	h.log.Info().Int("accounts", len(all)).Msg("archive of passwords made")
	send(w, http.StatusOK, struct {
		Name       string   `json:"name"`
		Passphrase string   `json:"passphrase"`
		Content    []byte   `json:"content"`
		IDs        []string `json:"ids"`
	}{now.Format("passwords-20060102-150405.zip"), secret.Reveal(), content, idsOf(all)})
}

func idsOf(all []issued) []string {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].id
	}
	return ids
}

// printing asks for the letters.
type printing struct {
	Language string `json:"language"` // "" is all
}

// print returns what the print view shows.
func (h *handout) print(w http.ResponseWriter, _ *http.Request, in printing) {
	letters := h.letters.in(in.Language)
	out := []letter{}
	for _, i := range h.vault.all() {
		l := letterOf(i)
		text, err := letters.of(i)
		if err != nil {
			h.log.Warn().Str("account", i.person.AccountName).Err(err).Msg("the letter template could not be used; the built-in letter takes its place")
			l.Note = strings.TrimSpace(l.Note + " This is the built-in letter: the letter template could not be used for this person.")
			text, err = builtIn(i)
		}
		if err != nil {
			refuse(w, http.StatusInternalServerError, err.Error())
			return
		}
		l.Text = strings.Split(text, passwordMark)
		out = append(out, l)
	}
	h.log.Info().Int("accounts", len(out)).Msg("letters with passwords shown for printing")
	send(w, http.StatusOK, out)
}

func letterOf(i issued) letter {
	out := letter{ID: i.id, Person: personOf(i.person), Password: i.password.Reveal()}
	if i.perhaps {
		out.Note = sentence(perhapsSet)
	}
	return out
}

// reveal shows one password that was set.
func (h *handout) reveal(w http.ResponseWriter, _ *http.Request, in named) {
	for _, i := range h.vault.all() {
		if i.id == in.ID {
			h.log.Info().Str("digest", i.id).Str("account", i.person.AccountName).Msg("password shown")
			send(w, http.StatusOK, letterOf(i))
			return
		}
	}
	refuse(w, http.StatusNotFound, "no password of this session is to be had there: none was set, or a later one of the account has made it void")
}

// handed notes which passwords were taken.
func (h *handout) handed(w http.ResponseWriter, _ *http.Request, in struct {
	IDs []string `json:"ids"`
}) {
	h.vault.handOver(in.IDs)
	h.log.Info().Int("accounts", len(in.IDs)).Msg("passwords handed out")
	send(w, http.StatusOK, map[string]int{"unsaved": len(h.vault.unsaved())})
}

// noted ends that the passphrase of the archive is shown.
func (h *handout) noted(w http.ResponseWriter, _ *http.Request) {
	h.vault.note()
	h.log.Info().Msg("passphrase of the archive noted")
	w.WriteHeader(http.StatusNoContent)
}

// another makes another proposal for one question.
func (h *handout) another(w http.ResponseWriter, _ *http.Request, in named) {
	q, policy, open := h.agenda.checker().enabling(in.ID)
	if !open {
		refuse(w, http.StatusNotFound, "this question is no longer open")
		return
	}
	passphrase, err := h.vault.again(q, policy)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	send(w, http.StatusOK, map[string]string{"passphrase": passphrase.Reveal()})
}

// attempt is a password that a person typed for a question.
type attempt struct {
	ID       string `json:"id"`
	Password string `json:"password"`
}

// check tells which of the domain's rules a typed password keeps.
func (h *handout) check(w http.ResponseWriter, _ *http.Request, in attempt) {
	q, policy, open := h.agenda.checker().enabling(in.ID)
	if !open {
		refuse(w, http.StatusNotFound, "this question is no longer open")
		return
	}
	type rule struct {
		Text string `json:"text"`
		Kept bool   `json:"kept"`
	}
	rules := []rule{}
	for _, checked := range policy.Check(in.Password, q.Person.AccountName, q.Person.DisplayName) {
		rules = append(rules, rule{checked.Text, checked.Kept})
	}
	send(w, http.StatusOK, rules)
}
