package io.onebox.controller.api;

import io.onebox.controller.api.Call.Answer;
import io.onebox.controller.api.Call.Operation;
import io.onebox.controller.webhook.Webhooks;
import io.onebox.shared.message.EventKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who is told of events.
final class WebhooksApi {

    private final Webhooks webhooks;

    WebhooksApi(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    Map<String, Operation> operations() {
        return Map.of("listWebhooks", this::list, "addWebhook", this::add, "removeWebhook", this::remove);
    }

    private Answer list(Call call) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("items", webhooks.list().stream().map(WebhooksApi::json).toList());
        return Answer.ok(json);
    }

    private Answer add(Call call) {
        String url = call.body().textOrDash("url");
        if (!Webhooks.isUrl(url)) {
            throw ApiProblem.badRequest("a webhook has a URL such as https://example.net/hook,"
                    + " or http://127.0.0.1:8000/hook on the controller's machine");
        }
        Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        for (String text : call.body().texts("kinds")) {
            kinds.add(EventKind.parse(text)
                    .orElseThrow(() -> ApiProblem.badRequest("there are no events of the kind '" + text + "'")));
        }
        if (kinds.isEmpty()) {
            kinds.addAll(Set.of(EventKind.LINK_DOWN, EventKind.AGENT_OFFLINE));
        }
        try {
            Webhooks.Made made = webhooks.add(call.actor(), url, kinds);
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("id", made.id());
            json.put("secret", made.secret().toString());
            return Answer.created(json);
        } catch (IllegalStateException e) {
            throw new ApiProblem(409, "wrong_state", String.valueOf(e.getMessage()));
        }
    }

    private Answer remove(Call call) {
        if (!webhooks.remove(call.actor(), call.required("id"))) {
            throw ApiProblem.notFound("webhook '" + call.required("id") + "'");
        }
        return Answer.nothing();
    }

    private static Map<String, @Nullable Object> json(Webhooks.Webhook webhook) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", webhook.id());
        json.put("url", webhook.url());
        json.put("kinds", webhook.kinds());
        json.put("created", webhook.created().toString());
        json.put("author", webhook.author());
        return json;
    }
}
