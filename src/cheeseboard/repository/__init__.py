"""The managed folder: placed atomically, recorded, watched, undoable."""
