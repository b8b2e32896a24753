package simulator

import "net/http"

func (s *Server) sendPhoto(c *call) (answer, *apiError)                      { return answer{}, badRequest("soon") }
func (s *Server) sendDocument(c *call) (answer, *apiError)                   { return answer{}, badRequest("soon") }
func (s *Server) sendMediaGroup(c *call) (answer, *apiError)                 { return answer{}, badRequest("soon") }
func (s *Server) getFile(c *call) (answer, *apiError)                        { return answer{}, badRequest("soon") }
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, p string) { http.NotFound(w, r) }
func (s *Server) serveSimFile(w http.ResponseWriter, r *http.Request)        { http.NotFound(w, r) }
func (s *Server) simPhoto(c *simCall) (any, *simFail)                        { return nil, simBad("soon") }
func (s *Server) simDocument(c *simCall) (any, *simFail)                     { return nil, simBad("soon") }
func (s *Server) simVoice(c *simCall) (any, *simFail)                        { return nil, simBad("soon") }
func (s *Server) simSticker(c *simCall) (any, *simFail)                      { return nil, simBad("soon") }
func readInputMedia(c *call, source []byte, album bool) (*message, *apiError) {
	return nil, badRequest("soon")
}
func (s *Server) finishMedia(c *call, m *message) *apiError { return nil }
