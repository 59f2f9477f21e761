-- What came of samples since it was last counted.
-- :id :settled :same :different :undecided :dropped
UPDATE shadow_trial
   SET settled = settled + :settled, same = same + :same, different = different + :different,
       undecided = undecided + :undecided, dropped = dropped + :dropped
 WHERE id = :id
