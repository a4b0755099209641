package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	subjectPrefix  = "bank."
	memoryMax      = 32 << 20         // of the server in this program
	readyMax       = 10 * time.Second // for that server to start
	syncEvery      = time.Second      // how often it writes its files to disk; Options.Settle is longer
	duplicatesFor  = 2 * time.Minute  // JetStream knows a message id again for so long
	consumerIdle   = 30 * 24 * time.Hour
	ackWait        = time.Minute // a consumer that says nothing for so long is taken to be dead
	ackPendingMax  = 512
	publishWait    = 10 * time.Second
	reconnectEvery = 500 * time.Millisecond
)

// link is the connection to JetStream, and the server in this program when there is one.
type link struct {
	options   Options
	consumers map[string]*Consumer
	server    *server.Server // nil with a cluster
	conn      *nats.Conn
	js        jetstream.JetStream
}

// connect starts the server or dials the cluster. A cluster that does not answer is no failure: it is dialled again.
func connect(o Options, consumers map[string]*Consumer) (*link, error) {
	l := &link{options: o, consumers: consumers}
	url, settings := o.URL, []nats.Option{
		nats.Name("tongbao"), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectEvery),
		nats.ReconnectBufSize(-1), // fail at once while disconnected: the outbox is the buffer
	}
	if o.URL == "" {
		if err := l.serve(); err != nil {
			return nil, err
		}
		settings = append(settings, nats.InProcessServer(l.server))
	} else {
		settings = append(settings, nats.RetryOnFailedConnect(true))
	}
	if o.Credentials != "" {
		settings = append(settings, nats.UserCredentials(o.Credentials))
	}
	var err error
	if l.conn, err = nats.Connect(url, settings...); err != nil {
		l.close()
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	if l.js, err = jetstream.New(l.conn, jetstream.WithPublishAsyncTimeout(publishWait)); err != nil {
		l.close()
		return nil, fmt.Errorf("use JetStream: %w", err)
	}
	return l, nil
}

// serve starts a NATS server that listens to nobody but this program.
func (l *link) serve() error {
	if l.options.Dir == "" {
		return errors.New("the NATS server in this program needs a folder")
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "tongbao", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: l.options.Dir, SyncInterval: syncEvery,
		JetStreamMaxMemory: memoryMax, JetStreamMaxStore: 2 * l.options.StreamBytes,
		MaxPayload: 2 * bodyMax,
	})
	if err != nil {
		return fmt.Errorf("make NATS server: %w", err)
	}
	l.server = s
	s.Start()
	if !s.ReadyForConnections(readyMax) {
		l.close()
		return errors.New("the NATS server in this program did not start")
	}
	return nil
}

// ensure makes the stream and the durable consumers, or brings them up to date. Consumers come before the first
// message: the stream keeps a message exactly until every consumer that wants it has acknowledged it.
func (l *link) ensure(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, publishWait)
	defer cancel()
	stream, err := l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: l.options.Stream, Subjects: []string{subjectPrefix + ">"},
		Retention: jetstream.InterestPolicy, Storage: jetstream.FileStorage, Replicas: l.options.Replicas,
		MaxBytes: l.options.StreamBytes, Discard: jetstream.DiscardNew, // when full it refuses; nothing old is dropped
		MaxMsgSize: bodyMax, Duplicates: duplicatesFor,
	})
	if err != nil {
		return fmt.Errorf("make stream %s: %w", l.options.Stream, err)
	}
	for _, c := range l.consumers {
		_, err := stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
			Durable: c.Name, FilterSubjects: c.subjects(), AckPolicy: jetstream.AckExplicitPolicy,
			AckWait: ackWait, MaxAckPending: ackPendingMax, MaxDeliver: -1, InactiveThreshold: consumerIdle,
		})
		if err != nil {
			return fmt.Errorf("make consumer %s: %w", c.Name, err)
		}
	}
	return nil
}

func (l *link) close() {
	if l.conn != nil {
		l.conn.Close()
	}
	if l.server != nil {
		l.server.Shutdown()
		l.server.WaitForShutdown()
	}
}
