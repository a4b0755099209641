package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrDevice says that the principal has no such device.
var ErrDevice = fault.New(fault.NotFound, "auth.unknown_device")

const (
	deviceTokenBits = 256
	devicesMost     = 100 // shown in a list
)

// NewDeviceToken makes a token for a client that has none. It names nobody until a sign-in on it has succeeded.
func NewDeviceToken() crypto.Secret { return crypto.Secret(crypto.Token(deviceTokenBits)) }

// Device is a device on which a principal has passed a second factor.
type Device struct {
	ID      id.Device
	Name    string // coarse: Chrome, Android
	MadeAt  time.Time
	SeenAt  time.Time
	Current bool // the one that asks
}

// Devices are the known devices of who acts, the latest first.
func (s *Service) Devices(ctx context.Context, by act.By) ([]Device, error) {
	var all []Device
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := s.policyAt(ctx, tx.Now())
		if err != nil {
			return err
		}
		all, err = listDevices(ctx, tx, Principal(by.Actor), tx.Now().Add(-p.deviceTrust), devicesMost)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list devices: %w", err)
	}
	for i := range all {
		all[i].Current = all[i].ID == by.Device
	}
	return all, nil
}

// UnbindDevice makes a device of who acts unknown again and ends its sessions. Error: ErrDevice.
func (s *Service) UnbindDevice(ctx context.Context, by act.By, device id.Device) error {
	return s.write(ctx, func(tx *db.Tx) error {
		who := Principal(by.Actor)
		n, err := unbindDevice(ctx, tx, who, device)
		if err != nil {
			return fmt.Errorf("unbind device: %w", err)
		}
		if n == 0 {
			return ErrDevice
		}
		ended, err := endDeviceSessions(ctx, tx, who, device)
		if err != nil {
			return fmt.Errorf("end sessions of device: %w", err)
		}
		if err := s.ended(ctx, tx, by, ending{who: who, reason: endedByDevice}, ended); err != nil {
			return err
		}
		return s.record(ctx, tx, entry{by: by, act: "auth.device.unbind", principal: who, subject: string(device)})
	})
}

// knownDevice is the device of a principal that the client's token names, if it is bound and was seen lately.
func (s *Service) knownDevice(ctx context.Context, tx *db.Tx, who Principal, c Client, trust time.Duration) (id.Device, error) {
	if c.Device == "" {
		return "", nil
	}
	for _, hash := range s.ring.TokenHashes(c.Device.Reveal()) {
		device, found, err := findDevice(ctx, tx, who, hash, tx.Now().Add(-trust))
		if err != nil {
			return "", fmt.Errorf("find device: %w", err)
		}
		if found {
			return device, nil
		}
	}
	return "", nil
}

// bindDevice makes the client a known device of a principal under a fresh token. What other principals have on the
// same device moves to the fresh token too: a family's tablet stays known to each, and the old token to nobody.
func (s *Service) bindDevice(ctx context.Context, tx *db.Tx, who Principal, c Client) (id.Device, crypto.Secret, error) {
	token := NewDeviceToken()
	hash := s.ring.TokenHash(token.Reveal())
	device := id.New[id.Device](tx.Now())
	if c.Device != "" {
		for _, old := range s.ring.TokenHashes(c.Device.Reveal()) {
			if err := moveDevices(ctx, tx, who, old, hash); err != nil {
				return "", "", fmt.Errorf("move devices: %w", err)
			}
		}
	}
	if err := insertDevice(ctx, tx, device, who, hash, c.name()); err != nil {
		return "", "", fmt.Errorf("bind device: %w", err)
	}
	return device, token, nil
}
