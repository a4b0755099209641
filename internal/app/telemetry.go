package app

import (
	"context"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"
)

// telemetry is what a node tells about itself: metrics that Prometheus fetches, a trace id in every answer and log
// line, and, where --traces names a collector, the spans behind it.
type telemetry struct {
	registry *prometheus.Registry
	meters   *metric.MeterProvider
	traces   *trace.TracerProvider
}

// sampled is the share of requests whose spans are sent to the collector; errors of all others are in the log.
const sampled = 0.1

func newTelemetry(ctx context.Context, collector string) (*telemetry, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reader, err := exporter.New(exporter.WithRegisterer(registry))
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	traces, err := newTraces(ctx, collector)
	if err != nil {
		return nil, err
	}
	return &telemetry{registry: registry, meters: metric.NewMeterProvider(metric.WithReader(reader), metric.WithView(ownWords())), traces: traces}, nil
}

// ownWords keeps out of metrics what a caller may write into a Host header: each new value would be a new series.
func ownWords() metric.View {
	return metric.NewView(metric.Instrument{Name: "http.server.*"}, metric.Stream{AttributeFilter: attribute.NewDenyKeysFilter("server.port")})
}

// newTraces sends spans by OTLP over HTTP. Without a collector there are only ids.
func newTraces(ctx context.Context, collector string) (*trace.TracerProvider, error) {
	if collector == "" {
		return trace.NewTracerProvider(trace.WithSampler(trace.NeverSample())), nil
	}
	out, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(collector))
	if err != nil {
		return nil, fmt.Errorf("--traces: %w", err)
	}
	return trace.NewTracerProvider(trace.WithBatcher(discreet{out}), trace.WithSampler(trace.ParentBased(trace.TraceIDRatioBased(sampled)))), nil
}

func (t *telemetry) handler() http.Handler {
	return promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{})
}

func (t *telemetry) close() {
	_ = t.meters.Shutdown(context.Background()) // nothing is sent from here
	_ = t.traces.Shutdown(context.Background())
}
