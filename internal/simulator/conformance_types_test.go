package simulator_test

import "encoding/json"

// The types of Bot API 10.1 as far as the simulator speaks them. A field
// without omitempty is always there; a field that is not listed is an error.

type tgUser struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
	Language  string `json:"language_code,omitempty"`
}

// tgMe is the User that getMe returns.
type tgMe struct {
	ID               int64  `json:"id"`
	IsBot            bool   `json:"is_bot"`
	FirstName        string `json:"first_name"`
	Username         string `json:"username"`
	CanJoinGroups    bool   `json:"can_join_groups"`
	CanReadAll       bool   `json:"can_read_all_group_messages"`
	SupportsInline   bool   `json:"supports_inline_queries"`
	SupportsGuest    bool   `json:"supports_guest_queries,omitempty"`
	CanConnect       bool   `json:"can_connect_to_business,omitempty"`
	HasMainWebApp    bool   `json:"has_main_web_app,omitempty"`
	HasTopics        bool   `json:"has_topics_enabled,omitempty"`
	AllowsTopics     bool   `json:"allows_users_to_create_topics,omitempty"`
	CanManageBots    bool   `json:"can_manage_bots,omitempty"`
	SupportsJoinReqs bool   `json:"supports_join_request_queries,omitempty"`
}

type tgChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

type tgChatFull struct {
	tgChat
	AccentColor     int             `json:"accent_color_id"`
	MaxReactions    int             `json:"max_reaction_count"`
	AcceptedGifts   tgGifts         `json:"accepted_gift_types"`
	ActiveUsernames []string        `json:"active_usernames,omitempty"`
	Permissions     map[string]bool `json:"permissions,omitempty"`
	History         bool            `json:"has_visible_history,omitempty"`
	JoinToSend      bool            `json:"join_to_send_messages,omitempty"`
}

type tgGifts struct {
	Unlimited bool `json:"unlimited_gifts"`
	Limited   bool `json:"limited_gifts"`
	Unique    bool `json:"unique_gifts"`
	Premium   bool `json:"premium_subscription"`
	Channels  bool `json:"gifts_from_channels"`
}

type tgEntity struct {
	Type     string  `json:"type"`
	Offset   int     `json:"offset"`
	Length   int     `json:"length"`
	URL      string  `json:"url,omitempty"`
	User     *tgUser `json:"user,omitempty"`
	Language string  `json:"language,omitempty"`
	EmojiID  string  `json:"custom_emoji_id,omitempty"`
}

type tgPhotoSize struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Size     int64  `json:"file_size,omitempty"`
}

type tgDocument struct {
	FileID    string       `json:"file_id"`
	UniqueID  string       `json:"file_unique_id"`
	Thumbnail *tgPhotoSize `json:"thumbnail,omitempty"`
	Thumb     *tgPhotoSize `json:"thumb,omitempty"`
	Name      string       `json:"file_name,omitempty"`
	Mime      string       `json:"mime_type,omitempty"`
	Size      int64        `json:"file_size,omitempty"`
}

// tgMoving is an Animation or a Video.
type tgMoving struct {
	FileID    string       `json:"file_id"`
	UniqueID  string       `json:"file_unique_id"`
	Width     int          `json:"width"`
	Height    int          `json:"height"`
	Duration  int          `json:"duration"`
	Thumbnail *tgPhotoSize `json:"thumbnail,omitempty"`
	Thumb     *tgPhotoSize `json:"thumb,omitempty"`
	Name      string       `json:"file_name,omitempty"`
	Mime      string       `json:"mime_type,omitempty"`
	Size      int64        `json:"file_size,omitempty"`
}

type tgAudio struct {
	FileID    string `json:"file_id"`
	UniqueID  string `json:"file_unique_id"`
	Duration  int    `json:"duration"`
	Performer string `json:"performer,omitempty"`
	Title     string `json:"title,omitempty"`
	Name      string `json:"file_name,omitempty"`
	Mime      string `json:"mime_type,omitempty"`
	Size      int64  `json:"file_size,omitempty"`
}

type tgVoice struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Duration int    `json:"duration"`
	Mime     string `json:"mime_type,omitempty"`
	Size     int64  `json:"file_size,omitempty"`
}

type tgSticker struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Type     string `json:"type"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Animated bool   `json:"is_animated"`
	Video    bool   `json:"is_video"`
	Emoji    string `json:"emoji,omitempty"`
	Set      string `json:"set_name,omitempty"`
	Size     int64  `json:"file_size,omitempty"`
}

type tgContact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	UserID    int64  `json:"user_id,omitempty"`
	VCard     string `json:"vcard,omitempty"`
}

type tgLocation struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Accuracy  float64 `json:"horizontal_accuracy,omitempty"`
	Live      int     `json:"live_period,omitempty"`
	Heading   int     `json:"heading,omitempty"`
	Proximity int     `json:"proximity_alert_radius,omitempty"`
}

type tgInlineKeyboard struct {
	Rows [][]tgInlineButton `json:"inline_keyboard"`
}

type tgInlineButton struct {
	Text          string          `json:"text"`
	URL           string          `json:"url,omitempty"`
	Data          string          `json:"callback_data,omitempty"`
	WebApp        *tgWebApp       `json:"web_app,omitempty"`
	LoginURL      json.RawMessage `json:"login_url,omitempty"`
	Switch        *string         `json:"switch_inline_query,omitempty"`
	SwitchCurrent *string         `json:"switch_inline_query_current_chat,omitempty"`
	SwitchChosen  json.RawMessage `json:"switch_inline_query_chosen_chat,omitempty"`
	Copy          *tgCopyText     `json:"copy_text,omitempty"`
	Style         string          `json:"style,omitempty"`
	Icon          string          `json:"icon_custom_emoji_id,omitempty"`
	Pay           bool            `json:"pay,omitempty"`
}

type tgWebApp struct {
	URL string `json:"url"`
}

type tgCopyText struct {
	Text string `json:"text"`
}

type tgOrigin struct {
	Type       string  `json:"type"`
	Date       int64   `json:"date"`
	Sender     *tgUser `json:"sender_user,omitempty"`
	SenderName string  `json:"sender_user_name,omitempty"`
	SenderChat *tgChat `json:"sender_chat,omitempty"`
}

type tgPreview struct {
	Disabled bool   `json:"is_disabled,omitempty"`
	URL      string `json:"url,omitempty"`
	Small    bool   `json:"prefer_small_media,omitempty"`
	Large    bool   `json:"prefer_large_media,omitempty"`
	Above    bool   `json:"show_above_text,omitempty"`
}

type tgQuote struct {
	Text     string     `json:"text"`
	Entities []tgEntity `json:"entities,omitempty"`
	Position int        `json:"position"`
	Manual   bool       `json:"is_manual,omitempty"`
}

type tgWebAppData struct {
	Data   string `json:"data"`
	Button string `json:"button_text"`
}

type tgTopicCreated struct {
	Name  string `json:"name"`
	Color int    `json:"icon_color"`
}

type tgMessage struct {
	ID             int               `json:"message_id"`
	Thread         int               `json:"message_thread_id,omitempty"`
	From           *tgUser           `json:"from"`
	Date           int64             `json:"date"`
	Chat           tgChat            `json:"chat"`
	Origin         *tgOrigin         `json:"forward_origin,omitempty"`
	ForwardFrom    *tgUser           `json:"forward_from,omitempty"`
	ForwardDate    int64             `json:"forward_date,omitempty"`
	IsTopic        bool              `json:"is_topic_message,omitempty"`
	ReplyTo        *tgMessage        `json:"reply_to_message,omitempty"`
	External       json.RawMessage   `json:"external_reply,omitempty"`
	Quote          *tgQuote          `json:"quote,omitempty"`
	EditDate       int64             `json:"edit_date,omitempty"`
	Protected      bool              `json:"has_protected_content,omitempty"`
	Album          string            `json:"media_group_id,omitempty"`
	Text           string            `json:"text,omitempty"`
	Entities       []tgEntity        `json:"entities,omitempty"`
	Preview        *tgPreview        `json:"link_preview_options,omitempty"`
	Effect         string            `json:"effect_id,omitempty"`
	Animation      *tgMoving         `json:"animation,omitempty"`
	Audio          *tgAudio          `json:"audio,omitempty"`
	Document       *tgDocument       `json:"document,omitempty"`
	Photo          []tgPhotoSize     `json:"photo,omitempty"`
	Sticker        *tgSticker        `json:"sticker,omitempty"`
	Video          *tgMoving         `json:"video,omitempty"`
	Voice          *tgVoice          `json:"voice,omitempty"`
	Caption        string            `json:"caption,omitempty"`
	CaptionParts   []tgEntity        `json:"caption_entities,omitempty"`
	CaptionAbove   bool              `json:"show_caption_above_media,omitempty"`
	Spoiler        bool              `json:"has_media_spoiler,omitempty"`
	Contact        *tgContact        `json:"contact,omitempty"`
	Location       *tgLocation       `json:"location,omitempty"`
	NewMembers     []tgUser          `json:"new_chat_members,omitempty"`
	NewMember      *tgUser           `json:"new_chat_member,omitempty"`
	NewParticipant *tgUser           `json:"new_chat_participant,omitempty"`
	LeftMember     *tgUser           `json:"left_chat_member,omitempty"`
	LeftPart       *tgUser           `json:"left_chat_participant,omitempty"`
	GroupCreated   bool              `json:"group_chat_created,omitempty"`
	SuperCreated   bool              `json:"supergroup_chat_created,omitempty"`
	MigrateTo      int64             `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom    int64             `json:"migrate_from_chat_id,omitempty"`
	TopicCreated   *tgTopicCreated   `json:"forum_topic_created,omitempty"`
	WebAppData     *tgWebAppData     `json:"web_app_data,omitempty"`
	Markup         *tgInlineKeyboard `json:"reply_markup,omitempty"`
}

type tgInaccessible struct {
	Chat tgChat `json:"chat"`
	ID   int    `json:"message_id"`
	Date int64  `json:"date"`
}

type tgCallback struct {
	ID       string     `json:"id"`
	From     tgUser     `json:"from"`
	Message  *tgMessage `json:"message"`
	Instance string     `json:"chat_instance"`
	Data     string     `json:"data"`
}

// tgMember is any ChatMember.
type tgMember struct {
	Status      string `json:"status"`
	User        tgUser `json:"user"`
	UntilDate   *int64 `json:"until_date,omitempty"`
	CustomTitle string `json:"custom_title,omitempty"`
	IsAnonymous *bool  `json:"is_anonymous,omitempty"`
	IsMember    *bool  `json:"is_member,omitempty"`
	tgRights
}

type tgRights struct {
	CanBeEdited     *bool `json:"can_be_edited,omitempty"`
	ManageChat      *bool `json:"can_manage_chat,omitempty"`
	ChangeInfo      *bool `json:"can_change_info,omitempty"`
	Delete          *bool `json:"can_delete_messages,omitempty"`
	Invite          *bool `json:"can_invite_users,omitempty"`
	Restrict        *bool `json:"can_restrict_members,omitempty"`
	Pin             *bool `json:"can_pin_messages,omitempty"`
	Topics          *bool `json:"can_manage_topics,omitempty"`
	Promote         *bool `json:"can_promote_members,omitempty"`
	Video           *bool `json:"can_manage_video_chats,omitempty"`
	Voice           *bool `json:"can_manage_voice_chats,omitempty"`
	PostStories     *bool `json:"can_post_stories,omitempty"`
	EditStories     *bool `json:"can_edit_stories,omitempty"`
	DeleteStories   *bool `json:"can_delete_stories,omitempty"`
	DirectMessages  *bool `json:"can_manage_direct_messages,omitempty"`
	ManageTags      *bool `json:"can_manage_tags,omitempty"`
	EditTag         *bool `json:"can_edit_tag,omitempty"`
	ReactToMessages *bool `json:"can_react_to_messages,omitempty"`
}

type tgMemberUpdated struct {
	Chat tgChat   `json:"chat"`
	From tgUser   `json:"from"`
	Date int64    `json:"date"`
	Old  tgMember `json:"old_chat_member"`
	New  tgMember `json:"new_chat_member"`
}

type tgUpdate struct {
	ID       int64            `json:"update_id"`
	Message  *tgMessage       `json:"message,omitempty"`
	Edited   *tgMessage       `json:"edited_message,omitempty"`
	Callback *tgCallback      `json:"callback_query,omitempty"`
	MyMember *tgMemberUpdated `json:"my_chat_member,omitempty"`
	Member   *tgMemberUpdated `json:"chat_member,omitempty"`
}

type tgFile struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Size     int64  `json:"file_size,omitempty"`
	Path     string `json:"file_path,omitempty"`
}

type tgCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

type tgMessageID struct {
	ID int `json:"message_id"`
}

type tgWebhookInfo struct {
	URL            string   `json:"url"`
	Certificate    bool     `json:"has_custom_certificate"`
	Pending        int      `json:"pending_update_count"`
	IPAddress      string   `json:"ip_address,omitempty"`
	LastErrorDate  int64    `json:"last_error_date,omitempty"`
	LastError      string   `json:"last_error_message,omitempty"`
	MaxConnections int      `json:"max_connections,omitempty"`
	Allowed        []string `json:"allowed_updates,omitempty"`
}

type tgMenuButton struct {
	Type   string    `json:"type"`
	Text   string    `json:"text,omitempty"`
	WebApp *tgWebApp `json:"web_app,omitempty"`
}

// resultOf is the type of each method's result.
func resultOf(method string) any {
	switch method {
	case "getme":
		return new(tgMe)
	case "getupdates":
		return new([]tgUpdate)
	case "getwebhookinfo":
		return new(tgWebhookInfo)
	case "sendmessage", "sendphoto", "senddocument", "sendlocation", "sendcontact", "forwardmessage",
		"editmessagetext", "editmessagecaption", "editmessagemedia", "editmessagereplymarkup":
		return new(tgMessage)
	case "sendmediagroup":
		return new([]tgMessage)
	case "copymessage":
		return new(tgMessageID)
	case "getfile":
		return new(tgFile)
	case "getmycommands":
		return new([]tgCommand)
	case "getchat":
		return new(tgChatFull)
	case "getchatmember":
		return new(tgMember)
	case "getchatmenubutton":
		return new(tgMenuButton)
	}
	return new(bool)
}
