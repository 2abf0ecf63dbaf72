"""What `make run` starts: preparation, the media server and one supervised process tree."""
