package dev.tally.interactions;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A way in which customers are in contact, that an import brought. */
@Entity
@Table(schema = "interactions", name = "channel")
class Channel extends PanacheEntityBase {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "channel_id")
    @Nullable
    Integer id;
    /** By which it is known: see {@link Spelling#channelKey}. */
    String key;
    String name;

    /** For Hibernate, which fills it. */
    @SuppressWarnings("NullAway.Init")
    Channel() {}

    Channel(String key, String name) {
        this.key = key;
        this.name = name;
    }
}
