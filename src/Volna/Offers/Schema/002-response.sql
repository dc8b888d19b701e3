-- What was learnt from the waves before about the answer to discounts: JSON, LearntOdds. Frozen when the wave is made, as its data and model are.
alter table wave add column response text not null default '[]';
