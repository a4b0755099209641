-- Where the home branch stands in the tree of branches, so that lists for staff end at the branches that they reach.
ALTER TABLE customer_person ADD COLUMN branch_path TEXT; -- C1
UPDATE customer_person SET branch_path = CASE WHEN home_branch = '0001' THEN '/0001/' ELSE '/0001/' || home_branch || '/' END;
CREATE INDEX customer_person_name ON customer_person (name_index, id) WHERE name_index IS NOT NULL;
