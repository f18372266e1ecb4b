"""The board: a campaign's page, where ideas, votes, remarks and answers come together and stay alive."""
