"""`manage.py doctor`: what works, what does not, and what to do about it.

Each app registers its checks in its own `doctor` module, which the command finds as the admin finds
`admin` modules; a check returns findings. See `registry.py`.
"""
