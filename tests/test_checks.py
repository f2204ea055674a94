"""What `check --deploy` says."""

import pytest

from tests.environment import manage


def deploy_check(**changes: str):
    """Run the check as `make lint` does."""
    return manage("check", "--deploy", "--fail-level", "WARNING", **changes)


def test_a_production_environment_passes_without_a_warning():
    done = deploy_check()

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("switch", "check_id"),
    [("AGIO_DEBUG", "idp.E001"), ("AGIO_ALLOW_LOCAL_ISSUERS", "idp.E002")],
)
def test_a_switch_for_development_is_an_error(switch, check_id):
    done = deploy_check(**{switch: "1"})

    assert done.returncode == 1
    assert f"({check_id}) {switch} is on." in done.stderr
