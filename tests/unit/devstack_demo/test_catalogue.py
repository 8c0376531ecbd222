from shared.metrics.domain.catalogue import CATALOGUE, Category, category_of


def test_every_category_has_features() -> None:
    assert {feature.category for feature in CATALOGUE.values()} == set(Category)
    assert len(Category) == 7


def test_the_features_that_the_definitions_name_are_where_they_say() -> None:
    assert category_of("Calendar") is Category.GENERAL
    assert {category_of(name) for name in ("Profiles", "Roles", "Users")} == {
        Category.USERS_AND_CONTROL
    }
    assert category_of("Assignment Rules") is Category.AUTOMATIONS
    assert category_of("Webforms") is Category.CHANNELS
    assert {category_of(name) for name in ("Leads", "Contacts", "Deals")} == {Category.MODULES}
    assert category_of("Pipeline") is Category.CUSTOMIZATION
    assert category_of("Reports") is Category.REPORTS_AND_ANALYTICS


def test_a_feature_that_is_not_in_it_has_no_category() -> None:
    assert category_of("Fax Inbox") is None
    assert category_of("leads") is None


def test_what_can_be_done_with_leads() -> None:
    assert CATALOGUE["Leads"].properties == {
        "Views": ("List View", "Kanban View", "Canvas View"),
        "Calls": (),
        "Create Meeting": (),
        "Buttons": (),
        "Macros": (),
        "Task Creation": (),
        "Records Added": (),
    }


def test_features_are_found_by_their_own_name() -> None:
    assert all(feature.name == name for name, feature in CATALOGUE.items())
