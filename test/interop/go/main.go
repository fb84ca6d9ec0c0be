// A program traced by the X-Ray SDK for Go. It sends to AWS_XRAY_DAEMON_ADDRESS and prints what it traced as one line
// of JSON; scripts/interop/go.mjs reads the traces back.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-xray-sdk-go/v2/instrumentation/awsv2"
	"github.com/aws/aws-xray-sdk-go/v2/strategy/sampling"
	"github.com/aws/aws-xray-sdk-go/v2/xray"
)

const everything = `{"version": 2, "default": {"fixed_target": 1000, "rate": 1.0}, "rules": []}`

// More than 20 subsegments are streamed ahead of their segment.
const steps = 45

type told struct {
	TraceID string         `json:"traceId"`
	ID      string         `json:"id"`
	More    map[string]any `json:"more,omitempty"`
}

func main() {
	result := map[string]any{"central": centralSampling()}
	strategy, err := sampling.NewLocalizedStrategyFromJSONBytes([]byte(everything))
	must(err)
	must(xray.Configure(xray.Config{ServiceVersion: "1.2.3", SamplingStrategy: strategy}))
	result["nested"] = nested()
	result["http"] = httpCalls()
	result["aws"] = awsCalls()
	result["streamed"] = streamed()
	// Emission is asynchronous, and nothing says when it is done.
	time.Sleep(500 * time.Millisecond)
	must(json.NewEncoder(os.Stdout).Encode(result))
}

// The SDK's default: rules from TCP of the daemon's address, and its own until they are there. Waits for the former.
func centralSampling() told {
	var last told
	for range 10 {
		_, segment := xray.BeginSegment(context.Background(), "go-central")
		last = told{segment.TraceID, segment.ID, map[string]any{"rule": ""}}
		if data, ok := segment.GetAWS()["xray"].(xray.SDK); ok {
			last.More["rule"] = data.RuleName
		}
		last.More["sampled"] = segment.Sampled
		segment.Close(nil)
		if segment.Sampled && last.More["rule"] != "" {
			break
		}
		// One a second is sampled whatever the rate.
		time.Sleep(1100 * time.Millisecond)
	}
	return last
}

// Annotations, metadata, a user, and an error with its cause.
func nested() told {
	ctx, segment := xray.BeginSegment(context.Background(), "go-shop")
	segment.User = "alice"
	must(xray.AddAnnotation(ctx, "early", true))
	ids := map[string]any{}
	_ = xray.Capture(ctx, "outer", func(ctx context.Context) error {
		ids["outer"] = xray.GetSegment(ctx).ID
		must(xray.AddAnnotation(ctx, "order", 1234))
		must(xray.AddMetadataToNamespace(ctx, "shop", "basket", map[string]any{"items": []int{1, 2, 3}}))
		return xray.Capture(ctx, "inner", func(ctx context.Context) error {
			ids["inner"] = xray.GetSegment(ctx).ID
			return errors.New("no such item")
		})
	})
	segment.Close(nil)
	return told{segment.TraceID, segment.ID, ids}
}

// An instrumented server, called through an instrumented client, and a server that answers with errors.
func httpCalls() told {
	backend := httptest.NewServer(xray.Handler(xray.NewFixedSegmentNamer("go-backend"), http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/missing") {
				w.WriteHeader(http.StatusNotFound)
			}
			_, _ = io.WriteString(w, "7")
		})))
	ctx, segment := xray.BeginSegment(context.Background(), "go-front")
	client := xray.Client(&http.Client{})
	for _, path := range []string{"/stock", "/missing"} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, backend.URL+path, nil)
		must(err)
		response, err := client.Do(request)
		must(err)
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	segment.Close(nil)
	url := backend.URL
	backend.Close()
	return told{segment.TraceID, segment.ID, map[string]any{"url": url}}
}

// Calls of the AWS SDK to a DynamoDB that knows one table.
func awsCalls() told {
	stub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.Header().Set("X-Amzn-Requestid", "REQUEST1")
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".ListTables") {
			_, _ = io.WriteString(w, `{"TableNames":["orders"]}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"none"}`)
	}))
	defer stub.Close()
	cfg := aws.Config{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String(stub.URL),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "none"}, nil
		}),
	}
	awsv2.AWSV2Instrumentor(&cfg.APIOptions)
	client := dynamodb.NewFromConfig(cfg)
	ctx, segment := xray.BeginSegment(context.Background(), "go-aws")
	tables, err := client.ListTables(ctx, &dynamodb.ListTablesInput{})
	must(err)
	_, err = client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("missing")})
	segment.Close(nil)
	return told{segment.TraceID, segment.ID, map[string]any{"tables": tables.TableNames, "refused": err != nil}}
}

func streamed() told {
	ctx, segment := xray.BeginSegment(context.Background(), "go-streaming")
	for index := range steps {
		_ = xray.Capture(ctx, fmt.Sprintf("step %d", index), func(context.Context) error { return nil })
	}
	segment.Close(nil)
	return told{segment.TraceID, segment.ID, map[string]any{"count": steps}}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
