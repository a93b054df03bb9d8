package io.onebox.controller;

import io.onebox.controller.RunningController.Answer;
import io.vertx.core.Vertx;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.List;
import java.util.function.UnaryOperator;

/// A request for each operation of openapi.json, with a body that is right.
final class ContractRequests {

    /// Nothing has this id, and nobody this login.
    static final String NOTHING = "0123456789abcdef";

    private final RunningController controller;

    ContractRequests(RunningController controller) {
        this.controller = controller;
    }

    /// The operations there are.
    static List<Operation> operations() {
        Vertx vertx = Vertx.vertx();
        OpenAPIContract contract =
                OpenAPIContract.from(vertx, "io/onebox/controller/openapi.json").await();
        vertx.close().await();
        return contract.operations();
    }

    /// What the operation needs, as openapi.json says.
    static String permission(Operation operation) {
        return operation.getExtensions().get("x-permission").toString();
    }

    /// Whether it is about an object that its path names.
    static boolean isAboutOne(Operation operation) {
        return operation.getOpenAPIPath().contains("{");
    }

    /// Asks about an object that does not exist, with headers in pairs.
    Answer ask(Operation operation, String... headers) {
        return ask(operation, path -> path.replaceAll("\\{(id|client|login)}", NOTHING), headers);
    }

    /// Asks about an object, with headers in pairs.
    ///
    /// @param object puts it into the path
    Answer ask(Operation operation, UnaryOperator<String> object, String... headers) {
        String path = object.apply(operation.getAbsoluteOpenAPIPath())
                .replace("{revision}", "1")
                .replace("{interface}", "eth0");
        String body = switch (operation.getOperationId()) {
            case "addApiToken" -> "{\"scopes\":[\"api-tokens\"]}";
            case "addEnrolToken" -> "{\"role\":\"client\"}";
            case "editAgent" -> "{\"name\":\"x\"}";
            case "addUser" -> "{\"login\":\"x\",\"role\":\"viewer\",\"password\":\"a long password\"}";
            case "changeUser" -> "{\"role\":\"viewer\"}";
            case "resetPassword" -> "{\"password\":\"a long password\"}";
            case "addWebhook" -> "{\"url\":\"https://hook.example/\"}";
            case "setLink" -> "{\"role\":\"backup\"}";
            case "assign" -> "{\"server\":\"" + NOTHING + "\"}";
            case "setUp" ->
                "{\"secret\":\"%s\",\"login\":\"x\",\"password\":\"a long password\"}".formatted("x".repeat(43));
            case "login" -> "{\"login\":\"x\",\"password\":\"a long password\"}";
            default -> "";
        };
        return controller.ask(operation.getHttpMethod().name(), path, body, headers);
    }
}
