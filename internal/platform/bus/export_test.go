package bus

// Body writes an event as it travels, for the test of its form.
func (e Event) Body() (string, error) { return e.body() }
