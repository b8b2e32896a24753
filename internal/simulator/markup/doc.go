// Package markup turns the formatted texts that bots send into plain text and
// entities the way Telegram does: the same entities, the same trimming, and
// the same error texts and byte offsets as TDLib's MessageEntity.cpp.
//
// A text takes two steps: Parse reads the parse mode, Clean prepares the
// result for sending (control characters, outer white space, nesting,
// automatic entities). Offsets and lengths count UTF-16 code units.
package markup
