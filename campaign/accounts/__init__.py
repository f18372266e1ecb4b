"""People: how they sign up, sign in and stay in charge of their account."""
