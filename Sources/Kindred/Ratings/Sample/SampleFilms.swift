// The sample catalogue: well-known older films, with the plain facts about each.
// SPDX-License-Identifier: Apache-2.0

/// What kind of film a sample film is; the raw value is the name that people read.
public enum SampleGenre: String, CaseIterable, Sendable {
  /// Meant to move by speed, distance and danger.
  case adventure = "Adventure"
  /// Drawn or modelled, not acted.
  case animation = "Animation"
  /// Meant to amuse.
  case comedy = "Comedy"
  /// About breaking the law, or finding out who did.
  case crime = "Crime"
  /// A serious story about people.
  case drama = "Drama"
  /// With magic in it.
  case fantasy = "Fantasy"
  /// The dark crime films of the 1940s and 1950s.
  case filmNoir = "Film-Noir"
  /// Meant to frighten.
  case horror = "Horror"
  /// With songs that carry the story.
  case musical = "Musical"
  /// A love story.
  case romance = "Romance"
  /// About what science or the future might bring.
  case scienceFiction = "Science Fiction"
  /// Meant to hold the breath.
  case thriller = "Thriller"
  /// About people at war.
  case war = "War"
  /// Set on the American frontier.
  case western = "Western"
}

/// One film of the sample catalogue: facts, and nobody's opinion of it.
public struct SampleFilm: Hashable, Identifiable, Sendable {
  /// A short name that stays the same from release to release, such as "casablanca-1942".
  public let id: String
  /// The title without the year, such as "Casablanca".
  public let title: String
  /// The year in which it was first shown to the public.
  public let year: Int
  /// One to three genres, the most telling first.
  public let genres: [SampleGenre]
}

/// A small set of data to learn on: real films, simulated viewers.
///
/// The films and their years are facts. The ratings are not: a formula draws them, so they say
/// nothing about what anybody thinks of any film. See ``ratings(viewers:seed:)`` for the formula.
///
/// ```swift
/// let ratings = try Ratings(SampleData.ratings())
/// print(SampleData.csv(titles: SampleData.films))
/// ```
public enum SampleData {
  /// The catalogue, in order of year: 122 films first shown from 1920 to 1999.
  ///
  /// A film's place keys its random draws, so a change to this list changes the simulated ratings.
  public static let films: [SampleFilm] = [
    // 1920s
    film(
      "the-cabinet-of-dr-caligari-1920", "The Cabinet of Dr. Caligari", 1920, .horror, .thriller
    ),
    film("the-kid-1921", "The Kid", 1921, .comedy, .drama),
    film("nosferatu-1922", "Nosferatu", 1922, .horror),
    film("sherlock-jr-1924", "Sherlock Jr.", 1924, .comedy),
    film("the-gold-rush-1925", "The Gold Rush", 1925, .comedy, .adventure),
    film("battleship-potemkin-1925", "Battleship Potemkin", 1925, .drama, .war),
    film("the-general-1926", "The General", 1926, .comedy, .war),
    film("metropolis-1927", "Metropolis", 1927, .scienceFiction, .drama),
    film("sunrise-1927", "Sunrise", 1927, .drama, .romance),
    // 1930s
    film(
      "all-quiet-on-the-western-front-1930", "All Quiet on the Western Front", 1930, .drama, .war
    ),
    film("city-lights-1931", "City Lights", 1931, .comedy, .romance),
    film("dracula-1931", "Dracula", 1931, .horror),
    film("frankenstein-1931", "Frankenstein", 1931, .horror, .scienceFiction),
    film("m-1931", "M", 1931, .crime, .thriller),
    film("king-kong-1933", "King Kong", 1933, .adventure, .horror),
    film("duck-soup-1933", "Duck Soup", 1933, .comedy),
    film("42nd-street-1933", "42nd Street", 1933, .musical, .comedy),
    film("it-happened-one-night-1934", "It Happened One Night", 1934, .comedy, .romance),
    film("top-hat-1935", "Top Hat", 1935, .musical, .comedy, .romance),
    film("bride-of-frankenstein-1935", "Bride of Frankenstein", 1935, .horror, .scienceFiction),
    film("the-39-steps-1935", "The 39 Steps", 1935, .thriller),
    film("modern-times-1936", "Modern Times", 1936, .comedy),
    film(
      "snow-white-and-the-seven-dwarfs-1937", "Snow White and the Seven Dwarfs", 1937, .animation,
      .musical, .fantasy
    ),
    film("bringing-up-baby-1938", "Bringing Up Baby", 1938, .comedy, .romance),
    film(
      "the-adventures-of-robin-hood-1938", "The Adventures of Robin Hood", 1938, .adventure,
      .romance
    ),
    film("stagecoach-1939", "Stagecoach", 1939, .western, .adventure),
    film("gone-with-the-wind-1939", "Gone with the Wind", 1939, .drama, .romance, .war),
    film("the-wizard-of-oz-1939", "The Wizard of Oz", 1939, .musical, .fantasy, .adventure),
    // 1940s
    film("rebecca-1940", "Rebecca", 1940, .drama, .romance, .thriller),
    film("pinocchio-1940", "Pinocchio", 1940, .animation, .musical, .fantasy),
    film("the-philadelphia-story-1940", "The Philadelphia Story", 1940, .comedy, .romance),
    film("citizen-kane-1941", "Citizen Kane", 1941, .drama),
    film("the-maltese-falcon-1941", "The Maltese Falcon", 1941, .filmNoir, .crime),
    film("the-wolf-man-1941", "The Wolf Man", 1941, .horror),
    film("casablanca-1942", "Casablanca", 1942, .drama, .romance, .war),
    film("bambi-1942", "Bambi", 1942, .animation, .drama),
    film("cat-people-1942", "Cat People", 1942, .horror, .thriller),
    film("double-indemnity-1944", "Double Indemnity", 1944, .filmNoir, .crime),
    film("laura-1944", "Laura", 1944, .filmNoir, .crime),
    film("meet-me-in-st-louis-1944", "Meet Me in St. Louis", 1944, .musical, .romance, .comedy),
    film("brief-encounter-1945", "Brief Encounter", 1945, .drama, .romance),
    film("its-a-wonderful-life-1946", "It's a Wonderful Life", 1946, .drama, .fantasy),
    film("the-big-sleep-1946", "The Big Sleep", 1946, .filmNoir, .crime),
    film("my-darling-clementine-1946", "My Darling Clementine", 1946, .western),
    film("out-of-the-past-1947", "Out of the Past", 1947, .filmNoir, .crime),
    film("red-river-1948", "Red River", 1948, .western, .adventure),
    film("bicycle-thieves-1948", "Bicycle Thieves", 1948, .drama),
    film("the-third-man-1949", "The Third Man", 1949, .filmNoir, .thriller),
    // 1950s
    film("sunset-boulevard-1950", "Sunset Boulevard", 1950, .filmNoir, .drama),
    film("rashomon-1950", "Rashomon", 1950, .crime, .drama),
    film("cinderella-1950", "Cinderella", 1950, .animation, .musical, .romance),
    film("an-american-in-paris-1951", "An American in Paris", 1951, .musical, .romance),
    film("the-african-queen-1951", "The African Queen", 1951, .adventure, .romance, .war),
    film(
      "the-day-the-earth-stood-still-1951", "The Day the Earth Stood Still", 1951, .scienceFiction,
      .drama
    ),
    film("singin-in-the-rain-1952", "Singin' in the Rain", 1952, .musical, .comedy, .romance),
    film("high-noon-1952", "High Noon", 1952, .western),
    film("roman-holiday-1953", "Roman Holiday", 1953, .comedy, .romance),
    film("shane-1953", "Shane", 1953, .western, .drama),
    film("the-war-of-the-worlds-1953", "The War of the Worlds", 1953, .scienceFiction, .thriller),
    film("seven-samurai-1954", "Seven Samurai", 1954, .adventure, .drama),
    film("rear-window-1954", "Rear Window", 1954, .thriller, .crime),
    film("godzilla-1954", "Godzilla", 1954, .scienceFiction, .horror),
    film(
      "20000-leagues-under-the-sea-1954", "20,000 Leagues Under the Sea", 1954, .adventure,
      .scienceFiction
    ),
    film("the-night-of-the-hunter-1955", "The Night of the Hunter", 1955, .filmNoir, .thriller),
    film("the-searchers-1956", "The Searchers", 1956, .western, .drama),
    film("forbidden-planet-1956", "Forbidden Planet", 1956, .scienceFiction, .adventure),
    film(
      "invasion-of-the-body-snatchers-1956", "Invasion of the Body Snatchers", 1956,
      .scienceFiction, .horror
    ),
    film("paths-of-glory-1957", "Paths of Glory", 1957, .war, .drama),
    film(
      "the-bridge-on-the-river-kwai-1957", "The Bridge on the River Kwai", 1957, .war, .adventure
    ),
    film("12-angry-men-1957", "12 Angry Men", 1957, .drama, .crime),
    film("vertigo-1958", "Vertigo", 1958, .thriller, .romance),
    film("touch-of-evil-1958", "Touch of Evil", 1958, .filmNoir, .crime),
    film("some-like-it-hot-1959", "Some Like It Hot", 1959, .comedy, .romance),
    film("north-by-northwest-1959", "North by Northwest", 1959, .thriller, .adventure),
    film("rio-bravo-1959", "Rio Bravo", 1959, .western),
    // 1960s
    film("psycho-1960", "Psycho", 1960, .horror, .thriller),
    film("the-apartment-1960", "The Apartment", 1960, .comedy, .romance, .drama),
    film("the-magnificent-seven-1960", "The Magnificent Seven", 1960, .western, .adventure),
    film("west-side-story-1961", "West Side Story", 1961, .musical, .romance, .drama),
    film("breakfast-at-tiffanys-1961", "Breakfast at Tiffany's", 1961, .comedy, .romance),
    film("the-guns-of-navarone-1961", "The Guns of Navarone", 1961, .war, .adventure),
    film("lawrence-of-arabia-1962", "Lawrence of Arabia", 1962, .adventure, .war, .drama),
    film("to-kill-a-mockingbird-1962", "To Kill a Mockingbird", 1962, .drama, .crime),
    film("the-great-escape-1963", "The Great Escape", 1963, .war, .adventure),
    film("the-birds-1963", "The Birds", 1963, .horror, .thriller),
    film("dr-strangelove-1964", "Dr. Strangelove", 1964, .comedy, .war),
    film("mary-poppins-1964", "Mary Poppins", 1964, .musical, .fantasy, .comedy),
    film("goldfinger-1964", "Goldfinger", 1964, .adventure, .thriller),
    film("the-sound-of-music-1965", "The Sound of Music", 1965, .musical, .romance, .drama),
    film("doctor-zhivago-1965", "Doctor Zhivago", 1965, .drama, .romance, .war),
    film(
      "the-good-the-bad-and-the-ugly-1966", "The Good, the Bad and the Ugly", 1966, .western,
      .adventure
    ),
    film("the-graduate-1967", "The Graduate", 1967, .comedy, .romance, .drama),
    film("the-jungle-book-1967", "The Jungle Book", 1967, .animation, .musical, .adventure),
    film("2001-a-space-odyssey-1968", "2001: A Space Odyssey", 1968, .scienceFiction, .adventure),
    film("planet-of-the-apes-1968", "Planet of the Apes", 1968, .scienceFiction, .adventure),
    film("night-of-the-living-dead-1968", "Night of the Living Dead", 1968, .horror),
    film("once-upon-a-time-in-the-west-1968", "Once Upon a Time in the West", 1968, .western),
    film(
      "butch-cassidy-and-the-sundance-kid-1969", "Butch Cassidy and the Sundance Kid", 1969,
      .western, .comedy
    ),
    // 1970s
    film("the-godfather-1972", "The Godfather", 1972, .crime, .drama),
    film("cabaret-1972", "Cabaret", 1972, .musical, .drama),
    film("the-exorcist-1973", "The Exorcist", 1973, .horror),
    film("chinatown-1974", "Chinatown", 1974, .crime, .thriller),
    film("young-frankenstein-1974", "Young Frankenstein", 1974, .comedy, .horror),
    film(
      "monty-python-and-the-holy-grail-1975", "Monty Python and the Holy Grail", 1975, .comedy,
      .adventure
    ),
    film("star-wars-1977", "Star Wars", 1977, .scienceFiction, .adventure),
    film("halloween-1978", "Halloween", 1978, .horror, .thriller),
    film("grease-1978", "Grease", 1978, .musical, .romance, .comedy),
    film("alien-1979", "Alien", 1979, .horror, .scienceFiction),
    film("apocalypse-now-1979", "Apocalypse Now", 1979, .war, .drama),
    // 1980s
    film("raiders-of-the-lost-ark-1981", "Raiders of the Lost Ark", 1981, .adventure),
    film("blade-runner-1982", "Blade Runner", 1982, .scienceFiction, .thriller),
    film(
      "back-to-the-future-1985", "Back to the Future", 1985, .scienceFiction, .comedy, .adventure
    ),
    film("crocodile-dundee-1986", "\"Crocodile\" Dundee", 1986, .comedy, .adventure),
    film("platoon-1986", "Platoon", 1986, .war, .drama),
    film("my-neighbor-totoro-1988", "My Neighbor Totoro", 1988, .animation, .fantasy),
    // 1990s
    film(
      "the-silence-of-the-lambs-1991", "The Silence of the Lambs", 1991, .crime, .horror, .thriller
    ),
    film(
      "beauty-and-the-beast-1991", "Beauty and the Beast", 1991, .animation, .musical, .romance
    ),
    film("unforgiven-1992", "Unforgiven", 1992, .western, .drama),
    film("jurassic-park-1993", "Jurassic Park", 1993, .scienceFiction, .adventure),
    film("toy-story-1995", "Toy Story", 1995, .animation, .comedy, .adventure),
    film("titanic-1997", "Titanic", 1997, .drama, .romance),
    film("the-matrix-1999", "The Matrix", 1999, .scienceFiction, .thriller),
  ]

  /// Saves a label on every argument of the table above, which would double its height.
  private static func film(
    _ id: String, _ title: String, _ year: Int, _ genres: SampleGenre...
  ) -> SampleFilm {
    SampleFilm(id: id, title: title, year: year, genres: genres)
  }
}
