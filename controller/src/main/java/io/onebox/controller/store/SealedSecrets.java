package io.onebox.controller.store;

import io.onebox.controller.trust.MasterKey;
import java.sql.Connection;
import java.sql.SQLException;

/// Secrets in the database, sealed.
public final class SealedSecrets {

    private final MasterKey master;

    public SealedSecrets(MasterKey master) {
        this.master = master;
    }
}
