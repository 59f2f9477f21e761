-- So that what is measured next does not pay for what was written before. No parameters.
CHECKPOINT
