"""One file, understood: name, version, tags, core metadata, hashes; is it safe?"""
