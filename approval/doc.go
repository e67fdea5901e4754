// Package approval holds one session in which a person decides, in a browser
// on this machine, about what the import may not decide alone.
//
// The session listens on 127.0.0.1 and uses no cookie: a browser sends cookies
// to every port of a host, so another user of the machine could collect them.
// The printed address carries a one-time code in its fragment, which browsers
// do not send. The page exchanges it by POST /session for a token, keeps that in
// sessionStorage and sends it as "Authorization: Bearer" with every request.
// GET / is a shell without data.
//
// What is shown comes from the Desk; what is decided goes back to it by digest,
// so a page that is out of date can only be told "changed meanwhile". Passwords
// live in memory only, until they are handed out and the session ends.
//
// A generated password is words of a list, drawn evenly, and two digits (6.6
// bits). A word of the built-in lists is worth 12.9 bits (English, 7,487)
// or 11.4 bits (German, 2,791), so three of them with the digits make 45
// or 41 bits: enough for a password that is set once, guessed at against a
// controller that counts, and changed at the first logon. Four or five words
// (password_word_count) are for passwords that stay. Where the domain's policy
// asks for more, words are added.
package approval
