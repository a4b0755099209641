package app

import (
	"context"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"
)

// telemetry is what a node tells about itself: metrics that Prometheus fetches, and a trace id in every answer and
// log line. Spans leave the process only where an operator adds a span processor; nothing of them is kept here.
type telemetry struct {
	registry *prometheus.Registry
	meters   *metric.MeterProvider
	traces   *trace.TracerProvider
}

func newTelemetry(context.Context) (*telemetry, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reader, err := exporter.New(exporter.WithRegisterer(registry))
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return &telemetry{
		registry: registry, meters: metric.NewMeterProvider(metric.WithReader(reader)),
		traces: trace.NewTracerProvider(trace.WithSampler(trace.NeverSample())),
	}, nil
}

func (t *telemetry) handler() http.Handler {
	return promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{})
}

func (t *telemetry) close() {
	_ = t.meters.Shutdown(context.Background()) // nothing is sent from here
	_ = t.traces.Shutdown(context.Background())
}
