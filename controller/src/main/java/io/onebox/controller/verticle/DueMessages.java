package io.onebox.controller.verticle;

import io.onebox.controller.store.ConfigRevisions;
import io.onebox.controller.store.ConfigRevisions.Revision;
import io.onebox.controller.store.Database;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.verticle.AgentSocket.Stores;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.ControllerMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent is to be told, unless it has been told. Blocks.
record DueMessages(ControllerKeys keys, Database database, Stores stores) {

    private static final Logger log = LoggerFactory.getLogger(DueMessages.class);

    /// Another node has the agent; this connection is dead and does not know it yet.
    static final class ElsewhereException extends RuntimeException {
        ElsewhereException() {
            super("another node has this agent");
        }
    }

    /// The agent has other keys than those this connection was opened with: another machine is it now.
    static final class OtherKeysException extends RuntimeException {}

    /// What an agent is to be told.
    ///
    /// @param isTwin whether it turns out now that two machines have its identity, connected to whichever nodes
    /// @param ahead how far the agent is ahead of a database that was restored, one sentence; empty if it is not
    record Due(List<ControllerMessage> messages, boolean isTwin, Optional<String> ahead) {}

    /// The configuration an agent is to have, if it is to be sent.
    private record Next(Optional<Revision> wanted, boolean isTwin, Optional<String> ahead) {}

    /// @param key with which the connection was opened
    /// @param hello just received, which says what the agent has
    /// @throws ElsewhereException if another node has the agent
    /// @throws OtherKeysException if another machine is the agent
    Due messages(String id, Optional<VerifyKey> key, Optional<AgentMessage.Hello> hello) {
        List<ControllerMessage> due = new ArrayList<>();
        Next next = database.transaction(connection -> {
            due.clear(); // It may be done again.
            if (!stores.identities().isOf(connection, id, key)) {
                throw new OtherKeysException();
            }
            due.addAll(stores.identities().news(connection, id, key, hello.isPresent()));
            return next(connection, id, hello);
        });
        next.wanted()
                .ifPresent(revision ->
                        due.add(new ControllerMessage.Config(keys.sign(id, revision.revision(), revision.document()))));
        return new Due(due, next.isTwin(), next.ahead());
    }

    private Next next(Connection connection, String id, Optional<AgentMessage.Hello> hello) throws SQLException {
        boolean isTwin = false;
        if (hello.isPresent()) {
            isTwin = stores.presence().claim(connection, id, hello.get().bootId());
        } else if (!stores.presence().holds(connection, id)) {
            throw new ElsewhereException();
        }
        Optional<Revision> latest = ConfigRevisions.latest(connection, id);
        Optional<String> ahead = Optional.empty();
        if (latest.isPresent() && hello.isPresent()) {
            AgentMessage.Hello has = hello.get();
            if (has.hash().equals(latest.get().hash())) {
                stores.revisions().note(connection, id, latest.get().revision(), ConfigState.APPLIED, "");
                return new Next(Optional.empty(), isTwin, Optional.empty());
            }
            if (has.revision() >= latest.get().revision()) {
                ahead = Optional.of(reconcile(connection, latest.get(), has));
                latest = ConfigRevisions.latest(connection, id)
                        .filter(revision -> revision.state() == ConfigState.PENDING);
            }
        }
        Optional<Revision> wanted = latest.filter(
                revision -> hello.isPresent() ? isOutstanding(revision) : revision.state() == ConfigState.PENDING);
        if (wanted.isPresent()) {
            stores.revisions().note(connection, id, wanted.get().revision(), ConfigState.SENT, "");
        }
        return new Next(wanted, isTwin, ahead);
    }

    /// Of an agent that has what the database does not know: what was changed since the restore goes to the agent; if
    /// nothing was, the agent keeps what it has until something is.
    private String reconcile(Connection connection, Revision latest, AgentMessage.Hello has) throws SQLException {
        String ahead = "it has revision %d, the database had %d".formatted(has.revision(), latest.revision());
        log.atWarn()
                .addKeyValue("agent", latest.agent())
                .addKeyValue("revision", has.revision())
                .addKeyValue("known", latest.revision())
                .log("the agent has a newer configuration than the database: was it restored?");
        if (latest.state() == ConfigState.PENDING) {
            stores.revisions().renumber(connection, latest, has.revision());
            return ahead + "; what was changed since is sent as %d".formatted(has.revision() + 1);
        }
        long number = Math.max(has.revision(), latest.revision() + 1);
        stores.revisions().adopt(connection, latest.agent(), number, has.hash());
        return ahead + "; it keeps what it has until the next change";
    }

    /// Whether an agent that does not have it is to get it.
    private static boolean isOutstanding(Revision revision) {
        return revision.state() != ConfigState.REJECTED && revision.state() != ConfigState.ROLLED_BACK;
    }
}
