use std::sync::LazyLock;
use minijinja::Environment;
static ENV: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::empty();
    env.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    env
});
pub(super) fn environment() -> &'static Environment<'static> { &ENV }
