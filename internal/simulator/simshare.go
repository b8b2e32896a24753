package simulator

// simContact shares a contact, the person's own unless another is given. The
// user_id 0 stands for somebody without Telegram.
func (s *Server) simContact(c *simCall) (any, *simFail) {
	own, fail := s.ownChat(c)
	if fail != nil {
		return nil, fail
	}
	id, fail := c.int("user_id", c.id)
	if fail != nil {
		return nil, fail
	}
	phone, fail := c.text("phone_number")
	if fail != nil {
		return nil, fail
	}
	card := *own.owner
	if id != c.id {
		card = person{ID: id, First: "Kontak"}
		if p := s.dir.person(id); p != nil {
			card = *p
		} else if id != 0 {
			return nil, simMissing("user_id's person")
		}
	}
	if phone != "" {
		card.Phone = phone
	}
	if !phoneForm.MatchString(card.Phone) {
		return nil, simBad("phone_number must be 5 to 15 digits, with or without a plus")
	}
	return s.sayOne(c, contactOf(&card))
}

func contactOf(p *person) message {
	b := appendText([]byte{'{'}, "phone_number", p.Phone)
	b = appendText(b, "first_name", p.First)
	b = appendText(b, "last_name", p.Last)
	if p.ID != 0 {
		b = appendInt(b, "user_id", p.ID)
	}
	return message{Kind: kindContact, Content: append(b, '}')}
}

// simLocation shares a point on the map.
func (s *Server) simLocation(c *simCall) (any, *simFail) {
	m, fail := c.location()
	if fail != nil {
		return nil, fail
	}
	return s.sayOne(c, m)
}

func (c *simCall) location() (message, *simFail) {
	if !c.body.has("latitude") || !c.body.has("longitude") {
		return message{}, simBad("latitude and longitude are needed")
	}
	latitude, fail := c.float("latitude")
	if fail != nil {
		return message{}, fail
	}
	longitude, fail := c.float("longitude")
	if fail != nil {
		return message{}, fail
	}
	body, valid := locationJSON(latitude, longitude)
	if !valid {
		return message{}, simBad("there is no such point on earth")
	}
	return message{Kind: kindLocation, Content: body}, nil
}
