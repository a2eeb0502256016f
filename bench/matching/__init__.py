"""How well and how fast messages find their entries, on any folder of sets, beside what others would use.

`sets` reads the folder, `wrappers` puts stories around messages; `methods` is what is compared, `rivals` those that are
not ours; `running` gives each a process of its own; `measures` says what came of it, `figures` puts that together;
`bars`, `report` and `picture` show it. `scale` is a bench of its own: how cost grows with the knowledge base.
"""
