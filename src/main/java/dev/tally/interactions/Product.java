package dev.tally.interactions;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

/** A product that is discussed with customers: a topic. */
@Entity
@Table(schema = "interactions", name = "product")
class Product extends PanacheEntityBase {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "product_id")
    @Nullable
    Integer id;
    /** By which it is known: see {@link Spelling#productKey}. */
    String key;
    String name;

    /** For Hibernate, which fills it. */
    @SuppressWarnings("NullAway.Init")
    Product() {}

    Product(String key, String name) {
        this.key = key;
        this.name = name;
    }
}
