// Its presence lets handoff.go declare functions without a body.
