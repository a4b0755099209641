CREATE TABLE customer_person (
    id TEXT NOT NULL, -- C1 the customer
    CONSTRAINT customer_person_pk PRIMARY KEY (id)
);
