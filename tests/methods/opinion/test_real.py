"""Three real conversations: the groups that Polis gave, beside red-dwarf's on the same files."""

import time
import warnings

import numpy as np
import pytest

from maillage.methods.opinion import adjusted_rand, group_people, map_opinions, read, reading

pytestmark = pytest.mark.real_data

# Adjusted Rand index against Polis, over people with 7 votes or more: the least that we reach.
FLOORS = {
    "15-per-hour-seattle": 0.94,
    "canadian-electoral-reform": 1.0,
    "scoop-hivemind.affordable-housing": 0.69,
}


def against_polis(conversation, group):
    """Over the people whom both put in a group."""
    published = [conversation.published_groups.get(name) for name in conversation.votes.people]
    both = [place for place, name in enumerate(published) if name is not None and group[place] > 0]
    return adjusted_rand([group[place] for place in both], [published[place] for place in both])


@pytest.mark.parametrize("name", FLOORS)
def test_as_near_to_polis_as_said_and_as_red_dwarf(real_data, name, red_dwarf):
    conversation = read(real_data / "opinions" / name)
    votes = conversation.votes
    start = time.perf_counter()
    ours = group_people(map_opinions(votes))
    taken = time.perf_counter() - start
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = red_dwarf.run_pipeline(
            votes=[
                {"participant_id": int(i), "statement_id": int(j), "vote": int(v), "modified": 0}
                for i, j, v in zip(votes.person, votes.statement, votes.value, strict=True)
            ],
            mod_out_statement_ids=np.flatnonzero(votes.left_out).tolist(),
            random_state=0,
        )
    assert taken < time.perf_counter() - start
    theirs = np.zeros(len(votes.people), int)
    labels = peer.participants_df["cluster_id"].dropna()
    theirs[labels.index] = labels.to_numpy(int) + 1
    # The same people are grouped.
    assert ((theirs > 0) == (ours.group > 0)).all()
    assert against_polis(conversation, ours.group) >= FLOORS[name]
    assert against_polis(conversation, ours.group) >= against_polis(conversation, theirs) - 1e-12
    # The map is theirs too, but for the direction of its axes.
    positions = np.array([peer.participant_projections[place] for place in range(len(votes.people))])
    assert np.abs(positions) == pytest.approx(np.abs(map_opinions(votes).people), abs=1e-6)


@pytest.mark.parametrize("name", FLOORS)
def test_the_two_files_of_votes_agree(real_data, name):
    folder = real_data / "opinions" / name
    matrix, votes = read(folder / "participants-votes.csv").votes, read(folder / "votes.csv").votes
    assert set(matrix.people) == set(votes.people)

    def said(of):
        return {
            (of.people[i], of.statements[j].id, int(v))
            for i, j, v in zip(of.person, of.statement, of.value, strict=True)
        }

    assert said(matrix) == said(votes)


def test_what_the_evidence_says_of_them(real_data):
    """The few redraws that a test can afford; the page has those of the command."""
    votes = read(real_data / "opinions" / "canadian-electoral-reform").votes
    found = reading(votes, redraws=19, seed=1).evidence
    assert found.p_structure == found.p_silhouette == 1 / 20
    assert found.silhouette > found.silhouette_in_one_cloud
    assert found.stability > 0.8
    loose = reading(read(real_data / "opinions" / "scoop-hivemind.affordable-housing").votes, redraws=19).evidence
    assert not loose.clear
    assert loose.stability < 0.65
