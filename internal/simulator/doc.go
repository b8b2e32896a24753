// Package simulator is a local Telegram for one bot: it speaks the Bot API under
// /bot<token>/<method> and /file/bot<token>/<file_path>, serves a chat page at
// /, and lets tests and the page play people over HTTP under /_sim. It refuses
// what Telegram refuses, in Telegram's words, so that a bot that works here
// works there. It uses nothing but the standard library, so that no client
// library's mistakes are repeated in it.
//
// # Controls
//
// Results are the plain JSON named below; a refusal is
// {"ok":false,"description":…} with status 400, or 404 for who or what is not
// there. A message is shown as its reader sees it: with reply keyboards.
//
//	POST /_sim/users                {"first_name","last_name"?,"username"?,"language_code"?,"phone_number"?,"started"?} → the person
//	                                {"count":N,"started"?} → {"first_id","count"}; these make no updates
//	GET  /_sim/users?offset=&limit= everyone          GET /_sim/users/{id}  one
//	POST /_sim/users/{id}/start     {"payload"?,"chat_id"?} → the message; chat_id: the link that adds the bot to a group
//	POST /_sim/users/{id}/text      {"text","chat_id"?,"message_thread_id"?,"reply_to"?} → the message
//	POST /_sim/users/{id}/edit      {"message_id","text","chat_id"?} → the message
//	POST /_sim/users/{id}/press     {"message_id"?,"chat_id"?, one of "button","data","text"; "latitude"?,"longitude"?,"web_app_data"?}
//	                                → {"answer":…} if the bot answers at once, {"message":…} for a reply keyboard, else {}
//	POST /_sim/users/{id}/contact   {"phone_number"?,"user_id"?} → the message; user_id 0: somebody without Telegram
//	POST /_sim/users/{id}/location  {"latitude","longitude"} → the message
//	POST /_sim/users/{id}/photo | document | voice | sticker   multipart: files, caption?, chat_id? → the message, or an album's list
//	POST /_sim/users/{id}/forward   {"message_id","from_user_id"?} → the message
//	POST /_sim/users/{id}/block | unblock | delete-chat
//	GET  /_sim/users/{id}/messages?after=&chat_id=    GET /_sim/users/{id}/answer
//	GET  /_sim/users/{id}/chats | keyboard | file?file_id=
//	GET  /_sim/users/{id}/events    GET /_sim/events?users=1,2   server-sent events, see serveEvents
//	GET  /_sim/groups               POST {"title","members":[…],"forum"?} → the group
//	POST /_sim/groups/{id}/topics   {"name"} → {"message_thread_id"}
//	POST /_sim/groups/{id}/join | leave {"user_id"}, promote {"user_id"?}, upgrade
//	GET | POST | DELETE /_sim/faults     see fault
//	GET | POST /_sim/clock {"advance_s"}  POST /_sim/limits {"enforce","per_second"?,"per_chat_second"?}
//	GET  /_sim/stats                GET /_sim/bot?user_id=&language_code=
//
// # State
//
// With a data folder every change is written to a log before it is answered
// for, so that killing the process loses nothing anyone was told of. Locks are
// taken in this order: the world, a chat, the directory, then the update queue,
// files, settings and taps, and last the journal. No two chats are locked at
// once, save a new group that nobody knows yet.
package simulator
