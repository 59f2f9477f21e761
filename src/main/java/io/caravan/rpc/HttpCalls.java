package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;

/** Answers the body of one HTTP POST: a single call, a notification or a batch (spec: chain-and-rpc §1.2). */
final class HttpCalls {
    private static final byte[] NOTHING = {};

    private final Dispatcher dispatcher;
    private final IntSupplier maxBatch;
    private final int maxAnswerBytes;

    /** What goes back: an HTTP status, a body, empty for a notification, and seconds to wait where there were too many. */
    record Reply(int status, byte[] body, int retryAfter) {
        Reply(int status, byte[] body) {
            this(status, body, 0);
        }
    }

    HttpCalls(Dispatcher dispatcher, IntSupplier maxBatch, int maxAnswerBytes) {
        this.dispatcher = dispatcher;
        this.maxBatch = maxBatch;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /**
     * Runs the calls of a body in order; the scope of each is made by its method's name. Never fails.
     *
     * @param rate counts calls beyond the first; answers seconds to wait if there are too many
     */
    CompletableFuture<Reply> answer(byte[] body, Function<String, CallScope> scopes, IntUnaryOperator rate) {
        JsonNode tree;
        try {
            tree = dispatcher.parse(body);
        } catch (RpcException e) {
            return CompletableFuture.completedFuture(reply(Answer.of(null, e)));
        }
        if (tree.isArray()) {
            return CompletableFuture.completedFuture(batch(tree, scopes, rate));
        }
        return one(tree, scopes).thenApply(answer ->
                isSilent(tree, answer) ? new Reply(200, NOTHING) : reply(answer));
    }

    Reply reply(Answer answer) {
        return new Reply(answer.httpStatus(), answer.toJson(dispatcher.mapper()));
    }

    private Reply batch(JsonNode calls, Function<String, CallScope> scopes, IntUnaryOperator rate) {
        int most = maxBatch.getAsInt();
        if (calls.isEmpty() || calls.size() > most) {
            return reply(Answer.of(null, new RpcException(RpcError.INVALID_REQUEST, calls.isEmpty()
                    ? "Invalid request" : "a batch holds at most " + most + " calls, this one " + calls.size())));
        }
        int wait = calls.size() == 1 ? 0 : rate.applyAsInt(calls.size() - 1);
        if (wait > 0) {
            return new Reply(429, Answer.of(null, Dispatcher.tooMany(wait)).toJson(dispatcher.mapper()), wait);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('[');
        for (JsonNode call : calls) {
            Answer answer = waitedFor(one(call, scopes), call);
            if (isSilent(call, answer)) {
                continue;
            }
            byte[] text = answer.toJson(dispatcher.mapper());
            if (out.size() + text.length > maxAnswerBytes) {
                text = Answer.of(answer.id(), new RpcException("the answers of this batch are too long")).toJson(
                        dispatcher.mapper());
            }
            if (out.size() > 1) {
                out.write(',');
            }
            out.write(text, 0, text.length - 1);
        }
        out.write(']');
        out.write('\n');
        return new Reply(200, out.toByteArray());
    }

    private CompletableFuture<Answer> one(JsonNode request, Function<String, CallScope> scopes) {
        try {
            Envelope envelope = Envelope.read(request);
            return dispatcher.call(envelope, scopes.apply(envelope.method()));
        } catch (RpcException e) {
            return CompletableFuture.completedFuture(Answer.of(Envelope.idOf(request), e));
        }
    }

    private static Answer waitedFor(CompletableFuture<Answer> call, JsonNode request) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.of(Envelope.idOf(request), Dispatcher.busy());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call never fails", e);
        }
    }

    /** A notification that could be read gets no answer, whatever came of it. */
    private static boolean isSilent(JsonNode request, Answer answer) {
        JsonNode id = request.path("id");
        return answer.id() == null && request.isObject() && (id.isMissingNode() || id.isNull());
    }
}
